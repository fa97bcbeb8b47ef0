import { firstValueFrom, lastValueFrom, map, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRequest } from '../../src/engine/to-request.ts';
import {
  ConfigError,
  createEnsemble,
  defineModel,
  hedged,
  type Model,
  ProviderError,
  simulated,
} from '../../src/index.ts';
import { circuitBreaker } from '../../src/policies/circuit-breaker.ts';
import { rateLimit, retry, retryBudget, timeout } from '../../src/policies/policies.ts';

// The time of day is set by an hour while calls are in flight: nothing may change.

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const setClock = (byMs: number): void => {
  vi.setSystemTime(Date.now() + byMs);
};

/** A model that sets the clock when it is called, and answers after some milliseconds. */
const setting = (byMs: number, latencyMs = 20): Model =>
  defineModel('setting', () => {
    setClock(byMs);
    return timer(latencyMs).pipe(map(() => '4'));
  });

/** Lets time pass until a promise has settled or the time is over. */
const within = async <T>(ms: number, promise: Promise<T>): Promise<T | 'pending'> => {
  const settled = Promise.race([promise, firstValueFrom(timer(ms).pipe(map(() => 'pending' as const)))]);
  settled.catch(() => {});
  await vi.advanceTimersByTimeAsync(ms);
  return settled;
};

describe.each([
  ['forth', HOUR_MS],
  ['back', -HOUR_MS],
])('a clock that is set %s by an hour', (_direction, byMs) => {
  it('changes no latency', async () => {
    const prediction = await within(20, createEnsemble({ models: [setting(byMs)] }).predict('?'));
    expect(prediction).toMatchObject({ metadata: { latencyMs: 20 }, outcomes: [{ latencyMs: 20 }] });
  });

  it('ends no call before its time, and none after it', async () => {
    const inTime = createEnsemble({
      models: [timeout(2000)(setting(byMs, 1999))],
      timeoutMs: 2000,
      deadlineMs: 2000,
    });
    expect(await within(1999, inTime.predict('?'))).toMatchObject({ answer: '4' });
    const late = createEnsemble({ models: [setting(byMs, 5000)], timeoutMs: 60 }).predict('?');
    expect(await within(59, late)).toBe('pending');
    await expect(within(1, late)).rejects.toThrow('no answer within 60 ms');
  });

  it('starts no hedge', async () => {
    const models = [setting(byMs), simulated({ id: 'hedge', accuracy: 1 })];
    const ensemble = createEnsemble({ models, execution: hedged({ hedgeDelayMs: 1000 }) });
    expect(await within(20, ensemble.predict('?'))).toMatchObject({ metadata: { modelsUsed: ['setting'] } });
  });

  it('sets free no line, and holds none back', async () => {
    // One call in 60 ms: two starts are that far apart.
    const startsMs: number[] = [];
    const model = rateLimit({ requestsPerMinute: 1000 })(
      defineModel('m', () => {
        startsMs.push(performance.now());
        setClock(byMs);
        return '4';
      }),
    );
    await within(60, Promise.all([1, 2].map(() => lastValueFrom(model.call(toRequest('?'))))));
    const [first = 0, second = 0] = startsMs;
    expect(second - first).toBe(60);
  });

  it('earns no retry', async () => {
    const budget = retryBudget({ ratio: 0, floorPerSecond: 1, maxSaved: 3 });
    let calls = 0;
    const failing = defineModel('m', () => {
      calls += 1;
      if (calls === 4) setClock(byMs);
      throw new ProviderError('m', 'down', { isRetryable: true });
    });
    const ask = () =>
      lastValueFrom(retry({ maxAttempts: 10, baseDelayMs: 0, budget })(failing).call(toRequest('?')));
    await expect(within(10, ask())).rejects.toThrow('down');
    // The three that the budget begins with are all there are.
    expect(calls).toBe(4);
  });

  it('neither closes a circuit nor keeps it open', async () => {
    let isDown = true;
    let calls = 0;
    const model = circuitBreaker({ minimumCalls: 2, breakMs: 80 })(
      defineModel('m', () => {
        calls += 1;
        if (isDown) throw new ProviderError('m', 'down', { isRetryable: true });
        return '4';
      }),
    );
    const ask = () => lastValueFrom(model.call(toRequest('?'))).catch((error: unknown) => error);
    await ask();
    await ask();
    setClock(byMs);
    await vi.advanceTimersByTimeAsync(79);
    expect(await ask()).toMatchObject({ name: 'CircuitOpenError' });
    expect(calls).toBe(2);
    isDown = false;
    await vi.advanceTimersByTimeAsync(1);
    expect(await ask()).toMatchObject({ text: '4' });
  });
});

describe('a time that timers cannot wait for', () => {
  const tooLong = 2 ** 31;
  const models = [simulated({ id: 'a' })];

  it.each<[string, () => unknown]>([
    ['timeoutMs', () => createEnsemble({ models, timeoutMs: tooLong })],
    ['deadlineMs', () => createEnsemble({ models, deadlineMs: tooLong })],
    ['hedgeDelayMs', () => hedged({ hedgeDelayMs: tooLong })],
    ['timeoutMs of the policy', () => timeout(tooLong)],
    ['firstTokenMs', () => timeout(1, { firstTokenMs: tooLong })],
    ['baseDelayMs', () => retry({ baseDelayMs: tooLong })],
    ['maxDelayMs', () => retry({ maxDelayMs: tooLong })],
  ])('is refused where it is given, as %s', (_option, make) => {
    expect(make).toThrow(ConfigError);
  });
});
