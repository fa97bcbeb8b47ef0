import { MalformedResponseError } from '../../domain/errors.ts';
import type { FinishReason, ModelResponse } from '../../domain/model.ts';
import {
  type ProviderMetadata,
  reportedByProvider,
  toProviderMetadata,
} from '../../domain/provider-report.ts';
import { fieldOf } from '../field.ts';
import { convertUsage, joinUsage } from './convert-usage.ts';
import { mapFinishReason } from './map-finish-reason.ts';

/** A streamed message, as far as it has been read. Usage is as the API sent it. */
interface ReadMessage {
  readonly text: string;
  readonly usageAtStart: unknown;
  readonly usageAtEnd: unknown;
  readonly finishReason: FinishReason | undefined;
  readonly isOver: boolean;
  readonly metadata: ProviderMetadata | undefined;
}

/** A message that is streamed. */
interface MessageStream {
  readonly events: AsyncIterable<unknown>;
  /** Receives each piece of the text. */
  readonly emit: (text: string) => void;
  readonly requestId?: string | null | undefined;
}

/**
 * Reads the events of a message as a response. Skips unknown types of events, because the API may add new ones.
 *
 * @throws {MalformedResponseError} if an event is invalid, or the stream ends before the message.
 */
export const readEvents = async (
  model: string,
  { events, emit, requestId }: MessageStream,
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
    throw new MalformedResponseError(model, 'the stream ended before the answer was complete', {
      isRetryable: true,
    });
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

/** Reads an event: the text that it adds, and the other parts that it sets. */
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
      throw new MalformedResponseError(model, 'the stream has an event without a type');
  }
};

const textOf = (model: string, part: unknown, type: string): string => {
  if (fieldOf(part, 'type') !== type) return '';
  const text = fieldOf(part, 'text');
  if (typeof text === 'string') return text;
  throw new MalformedResponseError(model, 'the stream has a text block that is not text');
};
