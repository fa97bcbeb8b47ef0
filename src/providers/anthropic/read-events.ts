import { MalformedResponseError } from '../../domain/errors.ts';
import type { FinishReason, ModelResponse } from '../../domain/model.ts';
import {
  type ProviderMetadata,
  reportedByProvider,
  toProviderMetadata,
} from '../../domain/provider-report.ts';
import { asObject } from '../as-object.ts';
import { cutOffError } from '../connection-error.ts';
import { toFinishReason } from '../finish-reason.ts';
import type { Exchange } from '../provider-model.ts';
import { convertUsage, joinUsage } from './convert-usage.ts';

/** A streamed message without its text, as far as it has been read. Usage is as the API sent it. */
interface ReadMessage {
  readonly usageAtStart?: unknown;
  readonly usageAtEnd?: unknown;
  readonly finishReason?: FinishReason | undefined;
  readonly isOver?: boolean;
  readonly metadata?: ProviderMetadata | undefined;
}

/** A message that is streamed. */
interface MessageStream extends Pick<Exchange, 'emit'> {
  readonly events: AsyncIterable<unknown>;
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
  let text = '';
  let read: ReadMessage = {};
  for await (const event of events) {
    const { text: piece = '', ...rest } = readEvent(model, event);
    if (piece !== '') emit(piece);
    text += piece;
    read = { ...read, ...rest };
  }
  if (!read.isOver) throw cutOffError(model);
  const usage = convertUsage(model, joinUsage(read.usageAtStart, read.usageAtEnd));
  return {
    text,
    usage,
    finishReason: read.finishReason,
    ...(requestId && { requestId }),
    ...reportedByProvider({ metadata: read.metadata }),
  };
};

/** Reads an event: the text that it adds, and the other parts that it sets. */
const readEvent = (model: string, event: unknown): ReadMessage & { readonly text?: string } => {
  const { type, message, content_block, delta, usage } = asObject(event);
  const { id, model: servedBy, usage: usageAtStart } = asObject(message);
  switch (type) {
    case 'message_start':
      return { usageAtStart, metadata: toProviderMetadata(id, servedBy) };
    case 'content_block_start':
      return { text: textOf(model, content_block, 'text') };
    case 'content_block_delta':
      return { text: textOf(model, delta, 'text_delta') };
    case 'message_delta':
      return { usageAtEnd: usage, finishReason: toFinishReason(asObject(delta).stop_reason) };
    case 'message_stop':
      return { isOver: true };
    default:
      if (typeof type === 'string') return {};
      throw new MalformedResponseError(model, 'the stream has an event without a type');
  }
};

const textOf = (model: string, part: unknown, textType: string): string => {
  const { type, text } = asObject(part);
  if (type !== textType) return '';
  if (typeof text === 'string') return text;
  throw new MalformedResponseError(model, 'the stream has a text block that is not text');
};
