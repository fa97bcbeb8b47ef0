import { createParser } from 'eventsource-parser';
import { from, lastValueFrom, map, race, timer } from 'rxjs';
import { fieldOf } from '../openai-protocol/field.ts';
import { parseServed, toStandard } from './standard.ts';

type Chunk = ReturnType<typeof toStandard>;

/** How long the rest of a stream is waited for once its answer is whole: the usage, and the end of the body. */
const LINGER_MS = 250;

/**
 * The chunks of a completion in a body of server-sent events, each in the moment in which it is there.
 *
 * An answer is whole with its finish reason, and what breaks after that does no harm.
 *
 * @param leave ends what is left of the body, where it is not read to its end.
 * @throws {ModelError} for an event that is no chunk; what the transport throws passes through.
 */
export async function* streamChunks(
  model: string,
  body: AsyncIterable<Uint8Array>,
  leave: () => void,
): AsyncGenerator<Chunk> {
  let events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) });
  const decoder = new TextDecoder();
  const pieces = body[Symbol.asyncIterator]();
  let isWhole = false;
  let isAtEnd = false;
  try {
    while (!isAtEnd) {
      const piece = await (isWhole ? within(LINGER_MS, pieces.next()) : pieces.next());
      if (piece === undefined) return;
      isAtEnd = piece.done === true;
      // The end of the body ends the last event too, which some servers leave without its empty line.
      parser.feed(piece.done ? (isWhole ? '' : '\n\n') : decoder.decode(piece.value, { stream: true }));
      const data = events;
      events = [];
      for (const text of data) {
        if (text === '[DONE]') continue;
        const chunk = toStandard(model, parseServed(model, text), 'delta');
        isWhole ||= typeof fieldOf(chunk.choices[0], 'finish_reason') === 'string';
        yield chunk;
      }
    }
  } finally {
    if (!isAtEnd) leave();
  }
}

/** The next piece; `undefined` where it breaks, or does not come in time. */
const within = <T>(limitMs: number, piece: Promise<T>): Promise<T | undefined> =>
  lastValueFrom(race(from(piece), timer(limitMs).pipe(map(() => undefined)))).catch(() => undefined);
