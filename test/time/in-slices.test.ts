import { describe, expect, it, vi } from 'vitest';
import { inSlices, pauses } from '../../src/time/in-slices.ts';
import { manualClock } from './manual-clock.ts';

const clock = manualClock();

/** Ten steps of three milliseconds, of which it keeps the numbers. */
function* tenSteps(steps: number[]): Generator<undefined, string> {
  for (let step = 1; step <= 10; step += 1) {
    clock.nowMs += 3;
    steps.push(step);
    yield;
  }
  return 'done';
}

describe('a computation in slices', () => {
  it('pauses after eight milliseconds of work, until other code has run', () => {
    const steps: number[] = [];
    const results: string[] = [];
    inSlices(() => tenSteps(steps)).subscribe((result) => results.push(result));
    const slices = [steps.length];
    while (results.length === 0) {
      vi.advanceTimersToNextTimer();
      slices.push(steps.length);
    }
    expect(slices).toStrictEqual([3, 6, 9, 10]);
    expect(results).toStrictEqual(['done']);
  });

  it('ends at its next pause if nothing needs it', () => {
    const steps: number[] = [];
    const subscription = inSlices(() => tenSteps(steps)).subscribe(() => expect.unreachable());
    subscription.unsubscribe();
    vi.runAllTimers();
    expect(steps).toHaveLength(3);
  });

  it('that takes less than a slice has its result at once', () => {
    const results: number[] = [];
    inSlices(function* () {
      yield;
      return 7;
    }).subscribe((result) => results.push(result));
    expect(results).toStrictEqual([7]);
  });
});

describe('the pauses of a loop', () => {
  it('are eight milliseconds of work apart', async () => {
    const pause = pauses();
    const paused: number[] = [];
    for (let round = 1; round <= 10; round += 1) {
      clock.nowMs += 3;
      const pending = pause();
      if (pending === undefined) continue;
      paused.push(round);
      vi.advanceTimersToNextTimer();
      await pending;
    }
    expect(paused).toStrictEqual([3, 6, 9]);
  });
});
