import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LabelledBallot, type TuneEvent, tune, tune$ } from '../../../src/experiment/experiment.ts';
import { ConfigError } from '../../../src/index.ts';
import { drawsFor } from '../../../src/models/random.ts';
import { inSlices } from '../../../src/time/in-slices.ts';

const ballots = (count: number): LabelledBallot[] => {
  const draw = drawsFor('tune-events');
  return Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    rightKeys: new Set([`${index % 3}`]),
    votes: new Map(
      Array.from({ length: 5 }, (_, model) => [
        `model-${model}`,
        { key: draw() < 0.5 + 0.08 * model ? `${index % 3}` : `${Math.floor(4 * draw())}`, costUsd: 0.001 },
      ]),
    ),
  }));
};
const options = { ballots: ballots(400), aim: { maximize: 'accuracy' } } as const;

beforeEach(() => {
  let nowMs = 0;
  // A slice ends at the first moment at which it may.
  vi.spyOn(performance, 'now').mockImplementation(() => {
    nowMs += 10;
    return nowMs;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('emits the progress, and in the end what tune returns', async () => {
  const events = await lastValueFrom(tune$(options).pipe(toArray()));
  expect(events.at(-1)).toEqual({ type: 'complete', tuned: tune(options) });
  const shares = events.slice(0, -1).map((event) => (event.type === 'progress' ? event.share : Number.NaN));
  expect(shares.length).toBeGreaterThan(0);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shares)).toBeLessThanOrEqual(1);
});

test('lets other code run in between, and ends if it is unsubscribed', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const seen: TuneEvent[] = [];
  const subscription = tune$(options).subscribe((event) => seen.push(event));
  for (const count of [1, 2, 3]) {
    // It goes on in a later turn of the event loop.
    expect([seen.length, vi.getTimerCount()]).toStrictEqual([count, 1]);
    if (count < 3) vi.advanceTimersToNextTimer();
  }
  subscription.unsubscribe();
  expect(vi.getTimerCount()).toBe(0);
});

test('does nothing before it is subscribed, and reports the faults of tune as its error', async () => {
  const faulty$ = tune$({ ballots: [], aim: { maximize: 'accuracy' } });
  await expect(lastValueFrom(faulty$)).rejects.toThrow(ConfigError);
});

test('a computation in slices that throws after a pause is an error of the Observable', async () => {
  const failing$ = inSlices(function* () {
    for (let step = 0; step < 3; step += 1) yield;
    throw new RangeError('late');
  });
  await expect(lastValueFrom(failing$)).rejects.toThrow('late');
});
