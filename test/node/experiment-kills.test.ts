import { expect, it } from 'vitest';
import { killAndResume } from './experiment-kills.ts';
import { fileOf } from './recording.ts';

/** Questions at a time, and calls for each: the most that can be out. */
const MOST_OUT = 8 * 2;

it('goes on where it was when it is killed at random moments: nothing is lost, nothing that was answered is asked again', async () => {
  const questions = 200;
  const after = await killAndResume({
    kills: 6,
    questions,
    seed: '6 kills',
    journal: fileOf('', 'calls.jsonl'),
  });
  const expected = Array.from({ length: questions }, (_, index) => [
    `q${index} both 1`,
    `q${index} cascade 1`,
  ]).flat();
  expect(after.last).toBe('done');
  // Every question is answered exactly once, in its order, and rightly.
  expect(after.trials).toStrictEqual(expected);
  expect(after.lost).toBe(0);
  expect(after.answeredTwice).toBe(0);
  // What was written and not said any more is there as well.
  expect(after.recorded).toBe(2 * questions);
  expect(after.inFlight).toHaveLength(6);
  for (const count of after.inFlight) {
    expect(count).toBeGreaterThanOrEqual(0);
    expect(count).toBeLessThanOrEqual(MOST_OUT);
  }
  const inFlight = after.inFlight.reduce((sum, count) => sum + count, 0);
  expect(after.distinct).toBe(2 * questions);
  expect(after.requests - after.distinct).toBeLessThanOrEqual(inFlight + after.refused);
  // Else the kills came too late to show anything.
  expect(inFlight).toBeGreaterThan(0);
}, 120_000);
