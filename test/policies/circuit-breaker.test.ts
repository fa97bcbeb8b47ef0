import { concat, NEVER, type Observable, of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  AuthenticationError,
  CircuitOpenError,
  ConfigError,
  createEnsemble,
  InvalidRequestError,
  type Model,
  ProviderError,
  QueueFullError,
} from '../../src/index.ts';
import { type CircuitBreakerOptions, circuitBreaker, retry } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';
import { responses, scripted } from '../scripted.ts';

const request = toRequest('?');
const down = new ProviderError('a', 'down', { isRetryable: true });
const down$ = throwError(() => down);
const up$ = of({ text: '4' });

/** A model under a circuit breaker that does what it is told, and what the callers of it got. */
const tried = (options: CircuitBreakerOptions) => {
  const changes: string[] = [];
  let asked = 0;
  let answer$: Observable<unknown> = up$;
  const inner: Model = {
    id: 'a',
    call: () => {
      asked += 1;
      return answer$ as ReturnType<Model['call']>;
    },
  };
  const model = circuitBreaker({
    onStateChange: ({ state, previous }) => changes.push(`${previous} > ${state}`),
    ...options,
  })(inner);
  const call = (next$: Observable<unknown>): string => {
    answer$ = next$;
    let got = 'nothing';
    model.call(request).subscribe({
      next: () => {
        got = 'answer';
      },
      error: (error: Error) => {
        got = error.name;
      },
    });
    return got;
  };
  return { call, model, changes, asked: () => asked };
};

describe('circuitBreaker', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('opens on the share of failures once there were enough calls, and lets nothing through', () => {
    const { call, changes, asked } = tried({ minimumCalls: 4, failureRatio: 0.5 });
    expect([down$, up$, down$].map(call)).toStrictEqual(['ProviderError', 'answer', 'ProviderError']);
    expect(changes).toStrictEqual([]);
    call(up$);
    expect(changes).toStrictEqual(['closed > open']);
    expect(call(up$)).toBe('CircuitOpenError');
    expect(asked()).toBe(4);
  });

  it('forgets calls that are older than the window', () => {
    const { call, changes } = tried({ minimumCalls: 2, failureRatio: 1, windowMs: 1000 });
    call(down$);
    vi.advanceTimersByTime(1000);
    call(down$);
    expect(changes).toStrictEqual([]);
    vi.advanceTimersByTime(899);
    call(down$);
    expect(changes).toStrictEqual(['closed > open']);
  });

  it('counts only the last window in a long run, whatever the clock on the wall says', () => {
    const { call, changes } = tried({ minimumCalls: 10, failureRatio: 0.5, windowMs: 1000 });
    for (let index = 0; index < 10_000; index += 1) {
      call(index % 3 === 0 ? down$ : up$);
      vi.advanceTimersByTime(5);
      if (index % 100 === 0) vi.setSystemTime(Date.now() + (index % 200 === 0 ? -3_600_000 : 3_600_000));
    }
    expect(changes).toStrictEqual([]);
    // A window has 180 to 200 calls; from then on it takes as many failures as make half of them.
    let failures = 0;
    while (changes.length === 0) {
      call(down$);
      failures += 1;
      vi.advanceTimersByTime(5);
    }
    expect(failures).toBeGreaterThanOrEqual(40);
    expect(failures).toBeLessThanOrEqual(60);
  });

  it('tries again with one call after breakMs, and closes when that is answered', () => {
    const { call, changes, asked } = tried({ minimumCalls: 1, breakMs: 1000 });
    call(down$);
    vi.advanceTimersByTime(999);
    expect(call(up$)).toBe('CircuitOpenError');
    vi.advanceTimersByTime(1);
    expect(call(NEVER)).toBe('nothing');
    expect(call(up$)).toBe('CircuitOpenError');
    expect(asked()).toBe(2);
    expect(changes).toStrictEqual(['closed > open', 'open > half-open']);
  });

  it('opens anew when the one call fails, and starts from nothing when it is answered', () => {
    const { call, changes } = tried({ minimumCalls: 2, failureRatio: 0.5, breakMs: 1000 });
    call(down$);
    call(down$);
    vi.advanceTimersByTime(1000);
    expect(call(down$)).toBe('ProviderError');
    expect(call(up$)).toBe('CircuitOpenError');
    vi.advanceTimersByTime(1000);
    expect(call(up$)).toBe('answer');
    expect(call(down$)).toBe('ProviderError');
    expect(call(up$)).toBe('answer');
    expect(changes).toStrictEqual([
      'closed > open',
      'open > half-open',
      'half-open > open',
      'open > half-open',
      'half-open > closed',
      'closed > open',
    ]);
  });

  it('says until when a call is not let through, where it knows', () => {
    const { call, model } = tried({ minimumCalls: 1, breakMs: 1000 });
    call(down$);
    vi.advanceTimersByTime(400);
    const errors: unknown[] = [];
    model.call(request).subscribe({ error: (error) => errors.push(error) });
    vi.advanceTimersByTime(600);
    call(NEVER);
    model.call(request).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toStrictEqual([new CircuitOpenError('a', 600), new CircuitOpenError('a')]);
    expect(errors[0]).toMatchObject({ isRetryable: true, costUsd: 0, retryAfterMs: 600 });
  });

  it('hears nothing from calls of an earlier state', () => {
    const { call, model, changes } = tried({ minimumCalls: 1, breakMs: 1000 });
    call(NEVER);
    const late = model.call(request).subscribe();
    call(down$);
    late.unsubscribe();
    vi.advanceTimersByTime(1000);
    call(up$);
    expect(changes).toStrictEqual(['closed > open', 'open > half-open', 'half-open > closed']);
  });

  it('goes on when whoever watches it, or decides what a failure is, throws', () => {
    const boom = () => {
      throw new Error('boom');
    };
    const { call } = tried({ minimumCalls: 1, breakMs: 1000, onStateChange: boom, shouldHandle: boom });
    expect(call(down$)).toBe('ProviderError');
    expect(call(up$)).toBe('CircuitOpenError');
    vi.advanceTimersByTime(1000);
    expect(call(down$)).toBe('ProviderError');
    vi.advanceTimersByTime(1000);
    expect(call(up$)).toBe('answer');
  });

  it('takes what a model throws when it is called for a failure', () => {
    const bug = circuitBreaker({ minimumCalls: 1 })({
      id: 'a',
      call: () => {
        throw new TypeError('bug');
      },
    });
    const errors: string[] = [];
    for (let index = 0; index < 2; index += 1) {
      bug.call(request).subscribe({ error: ({ name }) => errors.push(name) });
    }
    expect(errors).toStrictEqual(['TypeError', 'CircuitOpenError']);
  });

  it('keeps the models that it is applied to apart', () => {
    const policy = circuitBreaker({ minimumCalls: 1 });
    const [a, b] = [policy(scripted('a', down$)), policy(scripted('b', up$))];
    a.call(request).subscribe({ error: () => {} });
    const got: unknown[] = [];
    b.call(request).subscribe((output) => got.push(output));
    expect(got).toHaveLength(1);
  });

  it('refuses options out of range, all at once', () => {
    const make = () => circuitBreaker({ failureRatio: 0, minimumCalls: 0, windowMs: 0, breakMs: -1 });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(/4 faults/);
  });
});

describe('an ensemble with a circuit breaker', () => {
  it(
    'says of a member that hangs that it failed, and then does not wait for it',
    marbles((m) => {
      const hung = circuitBreaker({ minimumCalls: 1 })(scripted('hung', NEVER));
      const quick = scripted('quick', m.cold('--4|', responses));
      const ensemble = createEnsemble({ models: [hung, quick], minResponses: 1, timeoutMs: 9 });
      const missing = (reason: string, latencyMs: number) =>
        expect.objectContaining({
          outcomes: [
            expect.objectContaining({ status: 'failed', costUsd: reason === 'TimeoutError' ? undefined : 0 }),
            expect.objectContaining({ status: 'answered' }),
          ],
          metadata: expect.objectContaining({
            latencyMs,
            status: 'degraded',
            quorum: 1 / 2,
            consensus: 1,
            missing: [{ model: 'hung', reason }],
          }),
        });
      const both$ = concat(ensemble.predict$('?'), ensemble.predict$('?'));
      m.expect(both$).toBeObservable('---------a-(b|)', {
        a: missing('TimeoutError', 9),
        b: missing('CircuitOpenError', 2),
      });
    }),
  );

  it(
    'learns nothing from a call that is aborted because the election is over',
    marbles((m) => {
      const slow = circuitBreaker({ minimumCalls: 1 })(scripted('slow', NEVER));
      const quick = scripted('quick', m.cold('--4|', responses));
      const ensemble = createEnsemble({ models: [slow, quick], minResponses: 1, earlyStop: 0.5 });
      const cancelled = {
        p: expect.objectContaining({ metadata: expect.objectContaining({ cancelled: 1, missing: [] }) }),
      };
      const both$ = concat(ensemble.predict$('?'), ensemble.predict$('?'));
      m.expect(both$).toBeObservable('--p-(p|)', cancelled);
    }),
  );

  it(
    'does not have its open circuit waited for by a retry',
    marbles((m) => {
      const model = retry({ maxAttempts: 5, random: () => 1 })(
        circuitBreaker({ minimumCalls: 1, breakMs: 5000 })(scripted('a', m.cold('-#', {}, down))),
      );
      m.expect(model.call(request)).toBeObservable('501ms #', {}, new CircuitOpenError('a', 4500));
    }),
  );
});

describe('by default, for the circuit', () => {
  it.each([
    ['the request itself is at fault', throwError(() => new InvalidRequestError('a', 'no')), 'closed'],
    ['the key is at fault', throwError(() => new AuthenticationError('a', 'no')), 'closed'],
    ['nothing was sent', throwError(() => new QueueFullError('a', 1)), 'closed'],
    ['the model is down', down$, 'open'],
    ['the model throws what it likes', throwError(() => new Error('socket hang up')), 'open'],
    ['the model ends without an answer', of(), 'open'],
  ] as const)('where %2$s: %1$s', (_, answer$, expected) => {
    const { call, changes } = tried({ minimumCalls: 1 });
    call(answer$);
    expect(changes.at(-1) ?? 'closed > closed').toBe(`closed > ${expected}`);
  });
});
