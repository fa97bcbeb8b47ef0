import { startTimer, stopTimer, type Timer } from '../../time/clock.ts';
import { collectText, openBody, tooSlow } from '../body-reader.ts';
import type { BodyLimits } from '../read-body.ts';

/** A line of a body, without its line break. */
export interface BodyLine {
  /** The number of the line, from 1. */
  readonly number: number;
  /**
   * Returns the text.
   *
   * @throws {RequestRefusal} if there is none.
   */
  text(): string;
}

const LINE_FEED = 0x0a;

/**
 * Yields the lines of a body as they arrive, without those that are empty. A line that is too long is read to its end, but not
 * kept. A line that takes longer than `bodyTimeoutMs`, an upload that breaks off, and the abort of the signal are the last line.
 * The time in which no line is asked for does not count.
 */
export async function* bodyLines(
  body: ReadableStream<Uint8Array>,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
  signal: AbortSignal,
): AsyncGenerator<BodyLine, undefined> {
  const { read, giveUp, end } = openBody(body, signal);
  let number = 1;
  let line = collectText('line', maxBodyBytes);
  let timer: Timer | undefined;
  const stop = (): void => {
    if (timer !== undefined) stopTimer(timer);
    timer = undefined;
  };
  const finish = (): BodyLine | undefined => {
    const finished = lineOf(number, () => line.text());
    number += 1;
    line = collectText('line', maxBodyBytes);
    return finished;
  };
  try {
    for (;;) {
      timer ??= startTimer(() => giveUp(tooSlow(`line ${number}`, bodyTimeoutMs)), bodyTimeoutMs);
      const piece = await read();
      if (piece === undefined) break;
      let start = 0;
      for (let at = piece.indexOf(LINE_FEED); at !== -1; at = piece.indexOf(LINE_FEED, start)) {
        line.take(piece.subarray(start, at));
        start = at + 1;
        const whole = finish();
        if (whole === undefined) continue;
        stop();
        yield whole;
      }
      line.take(piece.subarray(start));
    }
    const last = finish();
    if (last !== undefined) yield last;
  } catch (error) {
    yield failedLine(number, error);
  } finally {
    stop();
    end();
  }
}

/** A line; `undefined` if it is empty. */
const lineOf = (number: number, read: () => string): BodyLine | undefined => {
  try {
    const text = read();
    return text.trim() === '' ? undefined : { number, text: () => text };
  } catch (error) {
    return failedLine(number, error);
  }
};

const failedLine = (number: number, error: unknown): BodyLine => ({
  number,
  text() {
    throw error;
  },
});
