import type { Clock } from '../time/clock.ts';

/** How many calls of late there were, and how many of them failed. */
export interface FailureWindow {
  add(isFailure: boolean): void;
  /** The ratio of failures among the calls in the window, 0..1; 0 where they are fewer than `minimumCalls`. */
  failureRatio(minimumCalls: number): number;
}

interface Slice {
  readonly endsAtMs: number;
  calls: number;
  failures: number;
}

/** Of how many slices a window consists: what it forgets, it forgets by the slice. */
const SLICES = 10;

/**
 * Counts over a window that slides by a tenth of its length: what it holds is from the last `windowMs`, and nothing of
 * the last nine tenths is missing. Takes no more memory for many calls than for few, and no timer.
 */
export const createFailureWindow = (windowMs: number, clock: Clock): FailureWindow => {
  let slices: Slice[] = [];
  return {
    add(isFailure) {
      const nowMs = clock();
      let slice = slices.at(-1);
      if (slice === undefined || nowMs >= slice.endsAtMs) {
        slice = { endsAtMs: nowMs + windowMs / SLICES, calls: 0, failures: 0 };
        slices.push(slice);
      }
      slice.calls += 1;
      if (isFailure) slice.failures += 1;
    },
    failureRatio(minimumCalls) {
      const sinceMs = clock() - windowMs + windowMs / SLICES;
      slices = slices.filter(({ endsAtMs }) => endsAtMs > sinceMs);
      let calls = 0;
      let failures = 0;
      for (const slice of slices) {
        calls += slice.calls;
        failures += slice.failures;
      }
      return calls < minimumCalls ? 0 : failures / calls;
    },
  };
};
