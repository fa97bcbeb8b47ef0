import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { asObject } from '../as-object.ts';
import { cutOffError } from '../connection-error.ts';
import { drain } from '../drain.ts';
import { laterReason, toFinishReason } from '../finish-reason.ts';
import type { Exchange } from '../provider-model.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { joinUsage } from './convert-usage.ts';
import { errorInReply, toResponse } from './to-response.ts';

/** A message that is streamed. */
interface MessageStream extends Pick<Exchange, 'emit'> {
  readonly events: AsyncIterable<unknown>;
  readonly requestId?: string | null | undefined;
  readonly headers?: ReplyHeaders;
  /** Closes the connection, if the stream goes on after the message. */
  readonly close: () => void;
}

/** A message as far as it has been read. */
interface Reading {
  readonly headers?: ReplyHeaders | undefined;
  /** The message of the first event. */
  start?: Readonly<Record<string, unknown>>;
  /** The texts of the content blocks, by their index. */
  readonly texts: Map<number, string>;
  readonly laterUsages: unknown[];
  stopReason?: unknown;
}

/**
 * Reads the events of a message as a response. It is complete at `message_stop`: nothing after that matters. Skips unknown
 * types of events, because the API may add new ones.
 *
 * @throws {ModelError} if an event is invalid or an error, or the stream ends before the message or without a reason.
 */
export const readEvents = async (
  model: string,
  { events, emit, requestId, headers, close }: MessageStream,
): Promise<ModelResponse> => {
  const stream = events[Symbol.asyncIterator]();
  const read: Reading = { headers, texts: new Map(), laterUsages: [] };
  let isOver = false;
  while (!isOver) {
    const { done, value: event } = await stream.next();
    if (done) throw cutOffError(model);
    const piece = addEvent(model, read, event);
    if (piece !== '') emit(piece);
    isOver = asObject(event).type === 'message_stop';
  }
  const { start = {}, texts, laterUsages, stopReason } = read;
  // Gateways also send the last event if the model was interrupted.
  if (toFinishReason(stopReason) === undefined) throw cutOffError(model);
  drain(stream, close);
  const inOrder = [...texts].toSorted(([a], [b]) => a - b);
  return toResponse(model, {
    text: inOrder.map(([, text]) => text).join(''),
    stopReason,
    usage: joinUsage(start.usage, ...laterUsages),
    id: start.id,
    servedBy: start.model,
    requestId,
    headers,
  });
};

/** Adds an event to what has been read. Returns the text that it adds. */
const addEvent = (model: string, read: Reading, event: unknown): string => {
  const { type, index, message, content_block, delta, usage } = asObject(event);
  switch (type) {
    case 'message_start':
      // Some gateways start again if a model fails while it writes.
      if (read.start !== undefined) throw cutOffError(model);
      read.start = asObject(message);
      return '';
    case 'content_block_start':
      return addText(read, index, textOf(model, content_block, 'text'));
    case 'content_block_delta':
      return addText(read, index, textOf(model, delta, 'text_delta'));
    case 'message_delta':
      read.laterUsages.push(usage);
      read.stopReason = laterReason(read.stopReason, asObject(delta).stop_reason);
      return '';
    case 'error':
      throw errorInReply(model, event, read.headers);
    default:
      if (typeof type === 'string') return '';
      throw new MalformedResponseError(model, 'the stream has an event without a type');
  }
};

const addText = ({ texts }: Reading, index: unknown, text: string): string => {
  const block = typeof index === 'number' ? index : 0;
  texts.set(block, (texts.get(block) ?? '') + text);
  return text;
};

const textOf = (model: string, part: unknown, textType: string): string => {
  const { type, text } = asObject(part);
  if (type !== textType || text === null) return '';
  if (typeof text === 'string') return text;
  throw new MalformedResponseError(model, 'the stream has a text block that is not text');
};
