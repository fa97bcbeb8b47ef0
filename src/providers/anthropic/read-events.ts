import { MalformedResponseError } from '../../domain/errors.ts';
import type { ModelResponse } from '../../domain/model.ts';
import { asIndex, asObject } from '../as-object.ts';
import { cutOffError } from '../connection-error.ts';
import { drain } from '../drain.ts';
import { endsAnswer, laterReason } from '../finish-reason.ts';
import type { Exchange } from '../provider-model.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { blocksOf, isTyped, textOf } from './content.ts';
import { joinUsage } from './convert-usage.ts';
import { readMessage } from './read-message.ts';
import { failureIn, toResponse } from './to-response.ts';

/** A message that is streamed. */
interface MessageStream extends Pick<Exchange, 'emit'> {
  readonly events: AsyncIterable<unknown>;
  readonly requestId?: string | null | undefined;
  readonly headers?: ReplyHeaders | undefined;
  /** Closes the connection, if the stream continues after the message. */
  readonly close: () => void;
}

/** A message as far as it has been read. */
interface Reading {
  readonly headers?: ReplyHeaders | undefined;
  /** The message of the first event. */
  start?: Readonly<Record<string, unknown>>;
  /** The text of that message. */
  startText?: string;
  /** The texts of the content blocks, by their index. */
  readonly texts: Map<number, string>;
  readonly laterUsages: unknown[];
  stopReason?: unknown;
}

/**
 * Reads the events of a message as a response. It is complete at `message_stop`: nothing after that matters. Skips unknown
 * types of events, because the API may add new ones, and events that say nothing.
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
    if (asObject(event).type === 'message' && read.start === undefined) {
      drain(stream, close);
      return readWhole(model, event, { emit, requestId, headers });
    }
    const piece = addEvent(model, read, event);
    if (piece !== '') emit(piece);
    isOver = asObject(event).type === 'message_stop';
  }
  const { start = {}, startText = '', texts, laterUsages, stopReason } = read;
  // Gateways also send the last event if the model was interrupted.
  if (!endsAnswer(stopReason)) throw cutOffError(model);
  drain(stream, close);
  const inOrder = [...texts].toSorted(([a], [b]) => a - b);
  const text = inOrder.map(([, text]) => text).join('');
  if (startText !== '' && text === startText + startText) {
    throw new MalformedResponseError(model, 'the stream repeats the text of its first event', {
      isRetryable: true,
    });
  }
  return toResponse(model, {
    text,
    stopReason,
    usage: joinUsage(start.usage, ...laterUsages),
    id: start.id,
    servedBy: start.model,
    requestId,
    headers,
  });
};

/** Reads a message that came in one event, as some servers answer a request for a stream. */
const readWhole = (
  model: string,
  event: unknown,
  { emit, ...notes }: Pick<MessageStream, 'emit' | 'requestId' | 'headers'>,
): ModelResponse => {
  const message = readMessage(model, event, notes);
  emit(message.text);
  return message;
};

/** Adds an event to what has been read. Returns the text that it adds. */
const addEvent = (model: string, read: Reading, event: unknown): string => {
  const { type, index, message, content_block, delta, usage, stop_reason } = asObject(event);
  // Some gateways send an error as an event of no type, or of one of their own.
  const failure = failureIn(model, event, read.headers);
  if (failure !== undefined) throw failure;
  switch (type) {
    case 'message_start':
      // Some gateways start again if a model fails while it writes.
      if (read.start !== undefined) throw cutOffError(model);
      read.start = asObject(message);
      return addStart(model, read);
    case 'content_block_start':
      return addText(read, index, textOf(model, content_block, 'text'));
    case 'content_block_delta':
      return addText(read, index, textOf(model, delta, 'text_delta'));
    case 'message_delta':
      read.laterUsages.push(usage);
      read.stopReason = laterReason(read.stopReason, asObject(delta).stop_reason ?? stop_reason);
      return '';
    default:
      if (isTyped(event) ? !hasText(delta) && !hasText(content_block) : !hasPart(event)) return '';
      throw new MalformedResponseError(model, 'the stream has a piece of a message without its type', {
        isRetryable: true,
      });
  }
};

/** The fields of events that are parts of a message. */
const PARTS = ['message', 'index', 'content_block', 'delta', 'usage', 'content', 'text'];

const hasPart = (event: unknown): boolean => PARTS.some((part) => part in asObject(event));

const hasText = (part: unknown): boolean => typeof asObject(part).text === 'string';

/** Adds the text with which a message starts. The API sends none; some gateways send the beginning there. */
const addStart = (model: string, read: Reading): string => {
  const blocks = blocksOf(read.start?.content) ?? [];
  const texts = blocks.map((block, index) => addText(read, index, textOf(model, block, 'text')));
  read.startText = texts.join('');
  return read.startText;
};

const addText = ({ texts }: Reading, index: unknown, text: string): string => {
  const block = asIndex(index) ?? 0;
  texts.set(block, (texts.get(block) ?? '') + text);
  return text;
};
