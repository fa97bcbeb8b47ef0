import { MalformedResponseError } from '../../domain/errors.ts';
import { parsedJson } from './parse-json.ts';

/** What an event of a stream is. */
export type StreamEvent =
  /** The end of the stream, `[DONE]`. */
  | { readonly kind: 'end' }
  /** An event with a name that says the same, whose data may say more. */
  | { readonly kind: 'named-end' }
  /** An error; some servers write a sentence instead of JSON. */
  | { readonly kind: 'error'; readonly body: unknown }
  | { readonly kind: 'chunk'; readonly chunk: unknown };

/** An event as the parser divides it. */
interface RawEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

/** The last event of the protocol, as servers and proxies spell it. */
const END = /^"?(?:\[done\]|done)"?[;,.]?$/i;

const IDLE =
  /^[[("]*(?:ping|pong|keep[ _-]?alive|heart[ _-]?beat|metadata|start|end|done|close|complete)[\])"]*$/i;

/**
 * Reads an event. It is several if the server left out the empty lines between them, or none if it keeps the connection
 * alive alone.
 *
 * @throws {MalformedResponseError} if its data cannot be read. Retryable, because the answer may have been cut.
 */
export const readEvent = (model: string, { event = '', data: raw }: RawEvent): readonly StreamEvent[] => {
  const data = withoutPrefix(raw);
  if (data === '') return isEndName(event) ? [{ kind: 'named-end' }] : [];
  if (END.test(data)) return [{ kind: 'end' }];
  const whole = parsedJson(data);
  if (/^error$/i.test(event)) return [{ kind: 'error', body: whole?.value ?? { error: data } }];
  if (whole !== undefined) {
    const { value } = whole;
    const chunks: StreamEvent[] =
      typeof value === 'string' ? textEvents(value) : [{ kind: 'chunk', chunk: value }];
    return isEndName(event) ? [...chunks, { kind: 'named-end' }] : chunks;
  }
  const lines = data.split('\n');
  if (lines.length > 1) return lines.flatMap((line) => readEvent(model, { event, data: line }));
  if (isEndName(event)) return [{ kind: 'named-end' }];
  if (IDLE.test(event) || IDLE.test(data)) return [];
  throw new MalformedResponseError(model, 'the stream has an event that is not JSON, or is cut', {
    isRetryable: true,
  });
};

/** A text in place of a chunk is an error if it says so. */
const textEvents = (text: string): StreamEvent[] =>
  /error|fail|exception/i.test(text) ? [{ kind: 'error', body: { error: text } }] : [];

const isEndName = (event: string): boolean => /^(?:end|done|complete|close)$/i.test(event);

/** Some proxies write the name of the field twice. */
const withoutPrefix = (data: string): string => {
  let rest = data.replaceAll('\0', '').trim();
  while (/^data:/i.test(rest)) rest = rest.slice('data:'.length).trimStart();
  return rest;
};

/** Whether a stream that was read so far ends with the line of `[DONE]`, so that the empty line after it is not needed. */
export const createEndSeeker = (): ((text: string) => boolean) => {
  let tail = '\n';
  return (text) => {
    tail = (tail + text.slice(-LONGEST_END)).slice(-LONGEST_END);
    return /[\r\n]data:\s*\[DONE\]\s*$/i.test(tail);
  };
};

const LONGEST_END = 40;
