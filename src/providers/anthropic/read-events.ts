import { MalformedResponseError } from '../../domain/errors.ts';
import type { FinishReason, ModelResponse } from '../../domain/model.ts';
import {
  type ProviderMetadata,
  reportedByProvider,
  toProviderMetadata,
} from '../../domain/provider-report.ts';
import { fieldOf } from '../openai-protocol/field.ts';
import { convertUsage, joinUsage } from './convert-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/** What has been read of a streamed message. Usage is as it was served. */
interface ReadMessage {
  readonly text: string;
  readonly usageAtStart: unknown;
  readonly usageAtEnd: unknown;
  readonly finishReason: FinishReason | undefined;
  readonly isOver: boolean;
  readonly metadata: ProviderMetadata | undefined;
}

/**
 * A message that comes in events as a response; `emit` is given each piece of its text. Kinds of events that are
 * not known are passed over, since the API says that new ones may come.
 *
 * @throws {MalformedResponseError} for an event that is none, and where the events end before the message does.
 */
export const readEvents = async (
  model: string,
  events: AsyncIterable<unknown>,
  emit: (text: string) => void,
  requestId?: string | null,
): Promise<ModelResponse> => {
  let read: ReadMessage = {
    text: '',
    usageAtStart: undefined,
    usageAtEnd: undefined,
    finishReason: undefined,
    isOver: false,
    metadata: undefined,
  };
  for await (const event of events) {
    const { text, ...rest } = readEvent(model, event);
    if (text !== '') emit(text);
    read = { ...read, ...rest, text: read.text + text };
  }
  if (!read.isOver) {
    throw new MalformedResponseError(model, 'the stream ended before the answer did', { isRetryable: true });
  }
  const usage = convertUsage(model, joinUsage(read.usageAtStart, read.usageAtEnd));
  return {
    text: read.text,
    usage,
    finishReason: read.finishReason,
    ...(requestId && { requestId }),
    ...reportedByProvider({ metadata: read.metadata }),
  };
};

/** What an event says: the text that it adds, and what it tells besides. */
const readEvent = (model: string, event: unknown): Partial<ReadMessage> & { readonly text: string } => {
  const delta = fieldOf(event, 'delta');
  const message = fieldOf(event, 'message');
  switch (fieldOf(event, 'type')) {
    case 'message_start':
      return {
        text: '',
        usageAtStart: fieldOf(message, 'usage'),
        metadata: toProviderMetadata(fieldOf(message, 'id'), fieldOf(message, 'model')),
      };
    case 'content_block_start':
      return { text: textOf(model, fieldOf(event, 'content_block'), 'text') };
    case 'content_block_delta':
      return { text: textOf(model, delta, 'text_delta') };
    case 'message_delta':
      return {
        text: '',
        usageAtEnd: fieldOf(event, 'usage'),
        finishReason: mapFinishReason(fieldOf(delta, 'stop_reason')),
      };
    case 'message_stop':
      return { text: '', isOver: true };
    default:
      if (typeof fieldOf(event, 'type') === 'string') return { text: '' };
      throw new MalformedResponseError(model, 'streamed something that is no event');
  }
};

const textOf = (model: string, part: unknown, type: string): string => {
  if (fieldOf(part, 'type') !== type) return '';
  const text = fieldOf(part, 'text');
  if (typeof text === 'string') return text;
  throw new MalformedResponseError(model, 'streamed a piece that is no text');
};
