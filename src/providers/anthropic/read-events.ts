import { MalformedResponseError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import type { ModelResponse } from '../../domain/model.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asIndex, asObject } from '../as-object.ts';
import { cutOffError } from '../connection-error.ts';
import { drain } from '../drain.ts';
import { endsAnswer, laterReason } from '../finish-reason.ts';
import type { Exchange } from '../provider-model.ts';
import type { ReplyHeaders } from '../rate-limits.ts';
import { argumentsRead } from '../tool-calls.ts';
import { blocksOf, callOf, isTyped, textOf, thoughtOf } from './content.ts';
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
  /** The texts and the reasoning of the content blocks, by their index. */
  readonly texts: Map<number, string>;
  readonly thoughts: Map<number, string>;
  readonly calls: StreamedCall[];
  readonly emit: Exchange['emit'];
  readonly laterUsages: unknown[];
  stopReason?: unknown;
}

/** A call of a tool as far as it has been read. */
interface StreamedCall {
  readonly index: number | undefined;
  readonly call: ToolCall;
  /** Its arguments as JSON. Empty if they came whole, with its name. */
  json: string;
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
  const read: Reading = { headers, texts: new Map(), thoughts: new Map(), calls: [], laterUsages: [], emit };
  let isOver = false;
  while (!isOver) {
    const { done, value: event } = await stream.next();
    if (done) throw cutOffError(model);
    if (asObject(event).type === 'message' && read.start === undefined) {
      drain(stream, close);
      return readWhole(model, event, { emit, requestId, headers });
    }
    addEvent(model, read, event);
    isOver = asObject(event).type === 'message_stop';
  }
  const { start = {}, startText = '', texts, thoughts, calls, laterUsages, stopReason } = read;
  // Gateways also send the last event if the model was interrupted.
  if (!endsAnswer(stopReason)) throw cutOffError(model);
  drain(stream, close);
  const text = inOrder(texts).join('');
  if (startText !== '' && text === startText + startText) {
    throw new MalformedResponseError(model, 'the stream repeats the text of its first event', {
      isRetryable: true,
    });
  }
  return toResponse(model, {
    text,
    toolCalls: calls.map((call) => wholeCall(call, emit)),
    thoughts: inOrder(thoughts),
    stopReason,
    usage: joinUsage(start.usage, ...laterUsages),
    id: start.id,
    servedBy: start.model,
    requestId,
    headers,
  });
};

const inOrder = (texts: ReadonlyMap<number, string>): readonly string[] =>
  [...texts].toSorted(([a], [b]) => a - b).map(([, text]) => text);

/** Returns a call with its arguments. Emits arguments that came whole, or are empty. */
const wholeCall = ({ call, json }: StreamedCall, emit: Exchange['emit']): ToolCall => {
  if (json !== '') return { ...call, input: argumentsRead(json) };
  emit(JSON.stringify(call.input), pieceOf(call));
  return call;
};

const pieceOf = ({ toolCallId, toolName }: ToolCall) => ({
  kind: 'tool-input' as const,
  toolName,
  ...given({ toolCallId }),
});

/** Reads a message that came in one event, as some servers answer a request for a stream. */
const readWhole = (
  model: string,
  event: unknown,
  { emit, ...notes }: Pick<MessageStream, 'emit' | 'requestId' | 'headers'>,
): ModelResponse => {
  const message = readMessage(model, event, notes);
  emitWhole(message, emit);
  return message;
};

/** Emits a whole message as pieces. */
export const emitWhole = (
  { text, reasoning, toolCalls = [] }: ModelResponse,
  emit: Exchange['emit'],
): void => {
  if (reasoning !== undefined) emit(reasoning, { kind: 'reasoning' });
  if (text !== '') emit(text);
  for (const call of toolCalls) emit(JSON.stringify(call.input), pieceOf(call));
};

/** Adds an event to what has been read, and emits what it adds. */
const addEvent = (model: string, read: Reading, event: unknown): void => {
  const { type, index, message, content_block, delta, usage, stop_reason } = asObject(event);
  // Some gateways send an error as an event of no type, or of one of their own.
  const failure = failureIn(model, event, read.headers);
  if (failure !== undefined) throw failure;
  switch (type) {
    case 'message_start':
      // Some gateways start again if a model fails while it writes.
      if (read.start !== undefined) throw cutOffError(model);
      read.start = asObject(message);
      addStart(model, read);
      return;
    case 'content_block_start':
      addPart(read, index, content_block, textOf(model, content_block, 'text'));
      return;
    case 'content_block_delta':
      addPart(read, index, delta, textOf(model, delta, 'text_delta'));
      return;
    case 'message_delta':
      read.laterUsages.push(usage);
      read.stopReason = laterReason(read.stopReason, asObject(delta).stop_reason ?? stop_reason);
      return;
    default:
      if (isTyped(event) ? !hasText(delta) && !hasText(content_block) : !hasPart(event)) return;
      throw new MalformedResponseError(model, 'the stream has a piece of a message without its type', {
        isRetryable: true,
      });
  }
};

/** The fields of events that are parts of a message. */
const PARTS = ['message', 'index', 'content_block', 'delta', 'usage', 'content', 'text'];

const hasPart = (event: unknown): boolean => PARTS.some((part) => part in asObject(event));

const hasText = (part: unknown): boolean => typeof asObject(part).text === 'string';

/** Adds the content with which a message starts. The API sends none; some gateways send the beginning there. */
const addStart = (model: string, read: Reading): void => {
  const blocks = blocksOf(read.start?.content) ?? [];
  read.startText = blocks
    .map((block, index) => addPart(read, index, block, textOf(model, block, 'text')))
    .join('');
};

/** Adds a block, or a piece of one. Returns its text. */
const addPart = (read: Reading, index: unknown, part: unknown, text: string): string => {
  const { texts, thoughts, calls, emit } = read;
  const thought = thoughtOf(part);
  const call = callOf(part);
  const { partial_json: json } = asObject(part);
  if (text !== '') emit(text);
  append(texts, index, text);
  if (thought !== '') {
    emit(thought, { kind: 'reasoning' });
    append(thoughts, index, thought);
  }
  if (call !== undefined) calls.push({ index: asIndex(index), call, json: '' });
  // Tools of the API itself have arguments, too.
  const called = typeof json === 'string' ? calls.findLast((one) => one.index === asIndex(index)) : undefined;
  if (called !== undefined && json !== '') {
    called.json += json;
    emit(json as string, pieceOf(called.call));
  }
  return text;
};

const append = (texts: Map<number, string>, index: unknown, text: string): void => {
  const block = asIndex(index) ?? 0;
  texts.set(block, (texts.get(block) ?? '') + text);
};
