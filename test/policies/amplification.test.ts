import { throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createEnsemble,
  type EnsembleOptions,
  hedged,
  hedgeEach,
  type Model,
  ProviderError,
  parallel,
} from '../../src/index.ts';

const PREDICTIONS = 10_000;

let sent = 0;
/** Fails at once, or after having been out for so long that it is hedged. */
const dead = (id: string): Model => ({
  id,
  call: () => {
    sent += 1;
    return throwError(() => new ProviderError(id, 'down', { isRetryable: true }));
  },
});

/** Calls that a total outage makes of as many as are needed in it. */
const amplification = (options: Omit<EnsembleOptions, 'models'>, needed: number): number => {
  const ensemble = createEnsemble({ models: ['a', 'b', 'c'].map(dead), retry: true, ...options });
  let failed = 0;
  for (let prediction = 0; prediction < PREDICTIONS; prediction += 1) {
    ensemble.predict$('2 + 2?').subscribe({ error: () => (failed += 1) });
    vi.advanceTimersByTime(50);
  }
  vi.runAllTimers();
  expect(failed).toBe(PREDICTIONS);
  return sent / (PREDICTIONS * needed);
};

describe('a total outage, with retries and hedges together', () => {
  beforeEach(() => {
    sent = 0;
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it.each([
    ['a panel', {}, 3],
    ['learned hedges', { execution: hedged({ delay: { percentile: 95 } }) }, 1],
    ['a panel of hedged calls', { execution: hedgeEach({ delay: { percentile: 95 } })(parallel()) }, 3],
  ] as const)('is amplified at most 1.2 times by %s', (_, options, needed) => {
    const factor = amplification(options, needed);
    console.info(`amplification ${factor}`);
    expect(factor).toBeLessThanOrEqual(1.2);
    expect(factor).toBeGreaterThan(1.1);
  });
});
