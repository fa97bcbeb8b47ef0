import { createParser } from 'eventsource-parser';

/** How an SDK reads parts. */
export interface PartOptions {
  /** Returns what is handed on of a body that is not an event stream. Default: all of it. May throw. */
  readonly revise?: (body: string) => string;
  /**
   * Returns the data of the events that are handed on in place of one event, or of a body that is not an event stream.
   * Default: its own data, revised. May throw.
   */
  readonly reviseEvent?: (data: string, name?: string) => readonly string[];
  /** Whether a body that is not an event stream is handed on as one. Default false. */
  readonly isStream?: boolean;
  /** Whether the body is no event stream, however it begins, because it is that of a refusal. Default false. */
  readonly isRefusal?: boolean;
  /** Returns the name under which an event is handed on. Default: its own. */
  readonly nameOf?: (name: string | undefined, data: string) => string | undefined;
  /** Called with the error that ends the body. */
  readonly onError?: (error: unknown) => void;
}

interface Options extends PartOptions {
  /** Called with every chunk as it arrives. May throw. */
  readonly count: (chunk: Uint8Array) => void;
}

/**
 * Divides a body into whole parts: one event at a time, or all at once if it is not an event stream.
 *
 * SDKs join chunks until an event is complete. Some search everything again at each chunk, so that an endless event, or
 * many events in one chunk, take quadratic time. With whole parts, the time is linear. Comments and other fields than
 * `event` and `data` are left out, because some SDKs drop the event that has them. The last event needs no empty line
 * after it; it is dropped if it is cut. Data is JSON, and is handed on as one line.
 */
export const wholeParts = (
  body: ReadableStream<Uint8Array>,
  options: Options,
): ReadableStream<Uint8Array> => {
  const chunks = body.getReader();
  const divider = createDivider(options);
  let ready: readonly Uint8Array[] = [];
  let next = 0;
  return new ReadableStream<Uint8Array>(
    {
      // One part at each pull, so that parts are read even if the connection breaks after them.
      pull: async (controller) => {
        try {
          while (next === ready.length) {
            divider.throwIfFailed();
            const { done, value } = await chunks.read();
            ready = done ? divider.end() : divider.add(value);
            next = 0;
            if (done && ready.length === 0) {
              divider.throwIfFailed();
              controller.close();
              return;
            }
          }
          controller.enqueue(ready[next] as Uint8Array);
          next += 1;
        } catch (error) {
          options.onError?.(error);
          chunks.cancel(error).catch(() => undefined);
          throw error;
        }
      },
      cancel: (reason) => chunks.cancel(reason),
    },
    { highWaterMark: 0 },
  );
};

/** Returns functions that return the parts that a chunk, or the end of the body, has completed. */
const createDivider = ({
  count,
  revise = (body) => body,
  reviseEvent = (data) => [revise(data)],
  isStream = false,
  isRefusal = false,
  nameOf = (name) => name,
}: Options) => {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  let ready: Uint8Array[] = [];
  let unread: Uint8Array[] = [];
  let isEvents: boolean | undefined;
  let isAtEnd = false;
  /** Why there are no parts after those that are ready. */
  let failure: { readonly error: unknown } | undefined;
  const addEvent = (data: string, name?: string): void => {
    for (const revised of reviseEvent(data, name)) {
      ready.push(encoder.encode(toText(nameOf(name, revised), revised)));
    }
  };
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (failure !== undefined || (isAtEnd && !isComplete(data))) return;
      try {
        addEvent(data, event);
      } catch (error) {
        failure = { error };
      }
    },
  });
  const taken = (): Uint8Array[] => {
    const parts = ready;
    ready = [];
    return parts;
  };
  return {
    throwIfFailed: (): void => {
      if (failure !== undefined) throw failure.error;
    },
    add: (chunk: Uint8Array): Uint8Array[] => {
      count(chunk);
      unread.push(chunk);
      isEvents ??= isRefusal ? false : startsWithField(chunk);
      if (!isEvents) return [];
      for (const piece of unread) parser.feed(decoder.decode(piece, { stream: true }));
      unread = [];
      return taken();
    },
    end: (): Uint8Array[] => {
      if (isAtEnd) return [];
      isAtEnd = true;
      if (isEvents) parser.feed(`${decoder.decode()}\n\n`);
      else if (isStream) addEvent(decoder.decode(joined(unread)));
      else {
        const whole = revise(decoder.decode(joined(unread)));
        if (whole !== '') ready.push(encoder.encode(whole));
      }
      return taken();
    },
  };
};

/** Whether a body begins with a field or a comment, and not with JSON or HTML; `undefined` if it has only whitespace. */
const startsWithField = (chunk: Uint8Array): boolean | undefined => {
  const first = chunk.find((byte) => byte > 0x20 && !BYTE_ORDER_MARK.includes(byte));
  return first === undefined ? undefined : /[a-z:]/i.test(String.fromCharCode(first));
};

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const toText = (name: string | undefined, data: string): string =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${onOneLine(data)}\n\n`;

/** Some SDKs read one line of an event, up to any character that ends a line in JavaScript. JSON may have them escaped. */
const onOneLine = (json: string): string =>
  json.replaceAll('\n', ' ').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const isComplete = (data: string): boolean => {
  if (data === '[DONE]') return true;
  try {
    JSON.parse(data);
    return true;
  } catch {
    return false;
  }
};

const joined = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
};
