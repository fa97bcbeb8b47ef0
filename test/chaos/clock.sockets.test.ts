import { firstValueFrom, lastValueFrom, map, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { openaiChat } from '../../src/testing/dialects/openai-chat.ts';
import { json, startFaultServer } from '../../src/testing/testing.ts';

// The time of day is set by an hour while calls are out: nothing may come of it.

const HOUR_MS = 3_600_000;
const { now } = Date;
let offsetMs = 0;

beforeEach(() => {
  offsetMs = 0;
  Date.now = () => now() + offsetMs;
});
afterEach(() => {
  Date.now = now;
});

/** A model that sets the clock while it is asked, and then answers after some milliseconds. */
const setting = (byMs: number, latencyMs = 20): Model =>
  defineModel('setting', () => {
    offsetMs = byMs;
    return timer(latencyMs).pipe(map(() => '4'));
  });

describe.each([
  ['forth', HOUR_MS],
  ['back', -HOUR_MS],
])('a clock that is set %s by an hour', (_direction, byMs) => {
  it('changes no latency', async () => {
    const { metadata, outcomes } = await createEnsemble({ models: [setting(byMs)] }).predict('?');
    for (const latencyMs of [metadata.latencyMs, outcomes[0]?.latencyMs ?? Number.NaN]) {
      expect(latencyMs).toBeGreaterThanOrEqual(15);
      expect(latencyMs).toBeLessThan(2000);
    }
  });

  it('ends no call before its time, and none after it', async () => {
    const inTime = createEnsemble({
      models: [timeout(2000)(setting(byMs))],
      timeoutMs: 2000,
      deadlineMs: 2000,
    });
    expect((await inTime.predict('?')).answer).toBe('4');
    const startedAtMs = performance.now();
    const late = createEnsemble({ models: [setting(byMs, 5000)], timeoutMs: 60 });
    await expect(late.predict('?')).rejects.toThrow('no answer within 60 ms');
    expect(performance.now() - startedAtMs).toBeLessThan(1500);
  });

  it('starts no hedge', async () => {
    const models = [setting(byMs), simulated({ id: 'hedge', accuracy: 1 })];
    const ensemble = createEnsemble({ models, execution: hedged({ hedgeDelayMs: 1000 }) });
    expect((await ensemble.predict('?')).metadata.modelsUsed).toStrictEqual(['setting']);
  });

  it('sets free no line, and holds none back', async () => {
    // One call in 60 ms: two starts are that far apart.
    const startsMs: number[] = [];
    const model = rateLimit({ requestsPerMinute: 1000 })(
      defineModel('m', () => {
        startsMs.push(performance.now());
        offsetMs = byMs;
        return '4';
      }),
    );
    await Promise.all([1, 2].map(() => lastValueFrom(model.call(toRequest('?')))));
    const [first = 0, second = 0] = startsMs;
    expect(second - first).toBeGreaterThanOrEqual(59);
    expect(second - first).toBeLessThan(1500);
  });

  it('earns no retry', async () => {
    const budget = retryBudget({ ratio: 0, floorPerSecond: 1, maxSaved: 3 });
    let calls = 0;
    const failing = defineModel('m', () => {
      calls += 1;
      if (calls === 4) offsetMs = byMs;
      throw new ProviderError('m', 'down', { isRetryable: true });
    });
    const ask = () =>
      lastValueFrom(retry({ maxAttempts: 10, baseDelayMs: 0, budget })(failing).call(toRequest('?')));
    await expect(ask()).rejects.toThrow('down');
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
    offsetMs = byMs;
    expect(await ask()).toMatchObject({ name: 'CircuitOpenError' });
    expect(calls).toBe(2);
    isDown = false;
    await firstValueFrom(timer(100));
    expect(await ask()).toMatchObject({ text: '4' });
  });

  it('changes no hint that is a date, since the reply has its own', async () => {
    const server = await startFaultServer();
    const headers = {
      date: 'Fri, 27 Nov 2026 10:00:00 GMT',
      'retry-after': 'Fri, 27 Nov 2026 10:00:07 GMT',
    };
    server.script(json(openaiChat.error(429, 'busy'), { status: 429, headers }));
    const model = openaiCompatible('m', { baseURL: `${server.baseURL}/v1`, apiKey: 'k' });
    const call = lastValueFrom(model.call(toRequest('?')));
    offsetMs = byMs;
    await expect(call).rejects.toMatchObject({ retryAfterMs: 7000 });
    await server.close();
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
