import { createParser } from 'eventsource-parser';
import { from, lastValueFrom, map, race, timer } from 'rxjs';
import { asObject } from '../as-object.ts';
import { toFinishReason } from '../finish-reason.ts';
import { parseJson, toStandard } from './standard.ts';

type Chunk = ReturnType<typeof toStandard>;

/** How long to wait for the usage and the end of a stream after its answer, in milliseconds. */
const LINGER_MS = 250;

/**
 * Returns the chunks of a completion in a body of server-sent events, each as soon as it arrives. An answer is complete
 * with its finish reason; later failures are ignored.
 *
 * @param close closes the connection, if the body is not read to its end.
 * @throws {ModelError} if an event is not a chunk. Errors of the transport pass through.
 */
export async function* streamChunks(
  model: string,
  body: AsyncIterable<Uint8Array>,
  close: () => void,
): AsyncGenerator<Chunk> {
  let events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) });
  const decoder = new TextDecoder();
  const pieces = body[Symbol.asyncIterator]();
  let isComplete = false;
  let isAtEnd = false;
  try {
    while (!isAtEnd) {
      const piece = await (isComplete ? within(LINGER_MS, pieces.next()) : pieces.next());
      if (piece === undefined) return;
      isAtEnd = piece.done === true;
      // Some servers omit the empty line after the last event.
      parser.feed(piece.done ? (isComplete ? '' : '\n\n') : decoder.decode(piece.value, { stream: true }));
      const data = events;
      events = [];
      for (const text of data) {
        if (text === '[DONE]') continue;
        const chunk = toStandard(model, parseJson(model, text), 'delta');
        isComplete ||= toFinishReason(asObject(chunk.choices[0]).finish_reason) !== undefined;
        yield chunk;
      }
    }
  } finally {
    if (!isAtEnd) close();
  }
}

/** Returns the next piece; `undefined` if it fails or does not arrive in time. */
const within = <T>(limitMs: number, piece: Promise<T>): Promise<T | undefined> =>
  lastValueFrom(race(from(piece), timer(limitMs).pipe(map(() => undefined)))).catch(() => undefined);
