import { type Observable, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import {
  ConfigError,
  InvalidRequestError,
  type Model,
  ProviderError,
  RateLimitError,
} from '../../src/index.ts';
import { type RetryOptions, retry } from '../../src/policies/retry.ts';
import { retryBudget } from '../../src/policies/retry-budget.ts';
import { toRequest } from '../../src/query.ts';
import { marbles } from '../marbles.ts';

const request = toRequest('2 + 2?');
const values = { '4': { text: '4' }, d: { delta: '4' } };
const down = new ProviderError('a', 'down', { isRetryable: true });
const hinted = (retryAfterMs: number) => new RateLimitError('a', 'slow', { isRetryable: true, retryAfterMs });

/** A model whose calls, one after another, go as these do. */
const inTurn = (...calls: readonly Observable<unknown>[]): Model => {
  let made = 0;
  return { id: 'a', call: () => calls[made++] as ReturnType<Model['call']> };
};
const latest: RetryOptions = { baseDelayMs: 4, maxDelayMs: 10, random: () => 1 };

describe('retry', () => {
  it(
    'waits up to twice as long each time, and at most maxDelayMs',
    marbles((m) => {
      const calls = ['-#', '-#', '-#', '-(4|)'].map((diagram) => m.cold(diagram, values, down));
      m.expect(retry({ ...latest, attempts: 4 })(inTurn(...calls)).call(request)).toBeObservable(
        '26ms (4|)',
        values,
      );
      ['^!', '5ms ^!', '14ms ^!', '25ms ^!'].forEach((diagram, index) => {
        m.expect(calls[index] as (typeof calls)[0]).toHaveSubscriptions(diagram);
      });
    }),
  );

  it(
    'fails with the last error as it came when no attempt is left',
    marbles((m) => {
      const calls = ['-#', '-#', '-4'].map((diagram) => m.cold(diagram, values, down));
      m.expect(retry({ ...latest, attempts: 2 })(inTurn(...calls)).call(request)).toBeObservable(
        '6ms #',
        values,
        down,
      );
    }),
  );

  for (const [what, error, expected] of [
    ['waits as long as the provider asks', hinted(9), '11ms (4|)'],
    ['does not wait for a hint past maxDelayMs', hinted(11), '-#'],
    ['takes a hint of NaN for none', hinted(Number.NaN), '6ms (4|)'],
    ['takes a negative hint for none', hinted(-1), '6ms (4|)'],
    ['does not repeat what cannot succeed', new InvalidRequestError('a', 'no'), '-#'],
    ['does not repeat after a bug', new TypeError('bug'), '-#'],
  ] as const) {
    it(
      what,
      marbles((m) => {
        const model = inTurn(m.cold('-#', values, error), m.cold('-(4|)', values));
        m.expect(retry(latest)(model).call(request)).toBeObservable(expected, values, error);
      }),
    );
  }

  it(
    'does not repeat a call that has shown a piece of its answer',
    marbles((m) => {
      const model = inTurn(m.cold('-d#', values, down), m.cold('-4', values));
      m.expect(retry(latest)(model).call(request)).toBeObservable('-d#', values, down);
    }),
  );

  it(
    'sends nothing more once it is unsubscribed during the backoff',
    marbles((m) => {
      const [first, second] = [m.cold('-#', values, down), m.cold('-4', values)];
      m.expect(retry(latest)(inTurn(first, second)).call(request), '^--!').toBeObservable('----');
      m.expect(first).toHaveSubscriptions('^!');
      m.expect(second).toHaveSubscriptions([]);
    }),
  );

  it('leaves no timer once it is unsubscribed during the backoff', () => {
    vi.useFakeTimers();
    const subscription = retry()(inTurn(throwError(() => down)))
      .call(request)
      .subscribe();
    expect(vi.getTimerCount()).toBe(1);
    subscription.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('refuses options out of range', () => {
    expect(() => retry({ attempts: 0, maxDelayMs: 2 ** 31 })).toThrow(ConfigError);
    expect(() => retryBudget({ share: 2 })).toThrow(ConfigError);
  });

  it('keeps 10,000 calls in a total outage within 1.2 times the calls and the floor', () => {
    vi.useFakeTimers();
    const seconds = 100;
    let sent = 0;
    const budget = retryBudget();
    const dead: Model = {
      id: 'a',
      call: () => {
        sent += 1;
        return throwError(() => down);
      },
    };
    const policy = retry({ budget })(dead);
    let failed = 0;
    for (let call = 0; call < 10_000; call += 1) {
      policy.call(request).subscribe({ error: () => (failed += 1) });
      vi.advanceTimersByTime((seconds * 1000) / 10_000);
    }
    vi.runAllTimers();
    vi.useRealTimers();
    console.info(`amplification ${sent / 10_000} over ${seconds} s`);
    expect(failed).toBe(10_000);
    expect(sent).toBeGreaterThan(11_500);
    expect(sent).toBeLessThanOrEqual(12_000 + seconds + 31);
  });
});
