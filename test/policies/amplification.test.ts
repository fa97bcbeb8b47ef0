import { of, throwError } from 'rxjs';
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

/**
 * Calls that a total outage makes of as many as are needed in it. After the last prediction only time earns retries, one a
 * second: these are not counted.
 */
const amplification = (options: Omit<EnsembleOptions, 'models'>, needed: number): number => {
  const ensemble = createEnsemble({ models: ['a', 'b', 'c'].map(dead), retry: true, ...options });
  let failed = 0;
  for (let prediction = 0; prediction < PREDICTIONS; prediction += 1) {
    ensemble.predict$('2 + 2?').subscribe({ error: () => (failed += 1) });
    vi.advanceTimersByTime(50);
  }
  const lastMs = Date.now();
  vi.runAllTimers();
  expect(failed).toBe(PREDICTIONS);
  const earnedByTime = Math.floor((Date.now() - lastMs) / 1000);
  return (sent - earnedByTime) / (PREDICTIONS * needed);
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
    expect(factor).toBeLessThanOrEqual(1.2);
    expect(factor).toBeGreaterThan(1.1);
  });
});

describe('a circuit that is open for long', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it('costs those who are asked in its place no retries', () => {
    let failures = 0;
    const backup: Model = {
      id: 'backup',
      call: (request) => (failures-- > 0 ? dead('backup').call(request) : of({ text: '4' })),
    };
    const ensemble = createEnsemble({
      models: [dead('primary'), backup],
      execution: hedged(),
      retry: true,
      circuitBreaker: { breakMs: 1e9 },
    });
    const ends: unknown[] = [];
    const ask = () => {
      ensemble.predict$('2 + 2?').subscribe({
        next: ({ answer }) => ends.push(answer),
        error: (error) => ends.push(error),
      });
      vi.advanceTimersByTime(10);
    };
    for (let prediction = 0; prediction < 1000; prediction += 1) ask();
    failures = 1;
    ask();
    vi.runAllTimers();
    expect(ends.at(-1)).toBe('4');
    expect(failures).toBeLessThan(0);
  });
});
