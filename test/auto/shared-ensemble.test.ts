import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelOf, predict, predictStream } from '../../src/auto/auto.ts';
import { digestOf } from '../../src/auto/digest-of.ts';
import { leastRecentlyUsed } from '../../src/auto/least-recently-used.ts';
import { attachHandlers, defineModel, type Model, onEnsemble } from '../../src/index.ts';

const counted = (): { readonly model: Model; readonly calls: () => number } => {
  let calls = 0;
  return { model: defineModel('counted', () => ({ text: `${++calls}`, costUsd: 0.01 })), calls: () => calls };
};

afterEach(() => void vi.unstubAllEnvs());

describe('predictions with equal options', () => {
  it('share one cache', async () => {
    const { model, calls } = counted();
    for (let time = 0; time < 3; time += 1) {
      const { answer } = await predict('What?', { cache: true, models: [model], earlyStop: 'decided' });
      expect(answer).toBe('1');
    }
    for await (const event of predictStream('What?', {
      cache: true,
      models: [model],
      earlyStop: 'decided',
    })) {
      if (event.type === 'complete') expect(event.prediction.answer).toBe('1');
    }
    expect(calls()).toBe(1);
  });

  it('share one circuit', async () => {
    let failures = 0;
    const failing = defineModel('failing', () => {
      failures += 1;
      throw new Error('down');
    });
    const circuitBreaker = { minimumCalls: 2, failureRatio: 0.5 };
    for (let time = 0; time < 5; time += 1) {
      await predict('?', { models: [failing], circuitBreaker }).catch(() => undefined);
    }
    expect(failures).toBe(2);
  });

  it('share nothing with other options', async () => {
    const { model, calls } = counted();
    await predict('What?', { cache: true, models: [model] });
    await predict('What?', { cache: true, models: [model], timeoutMs: 999 });
    await predict('What?', { cache: { ttlMs: 1000 }, models: [model] });
    await predict('What?', { cache: true, models: [defineModel('counted', () => 'another')] });
    expect(calls()).toBe(3);
  });

  it('have a signal and metadata of their own', async () => {
    const { model, calls } = counted();
    const seen: unknown[] = [];
    const stop = onEnsemble((ensemble) =>
      attachHandlers(ensemble, { 'predict:start': ({ metadata }) => seen.push(metadata) }),
    );
    const options = { cache: true, models: [model] };
    await predict('What?', { ...options, telemetryMetadata: { request: 1 } });
    await predict('What?', { ...options, telemetryMetadata: { request: 2 } });
    await expect(predict('What?', { ...options, signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
    stop();
    expect(calls()).toBe(1);
    expect(seen.slice(0, 2)).toEqual([{ request: 1 }, { request: 2 }]);
  });

  it('notice another key in the environment', async () => {
    const models = ['openai/a'];
    vi.stubEnv('OPENAI_API_KEY', '');
    await expect(predict('What?', { models })).rejects.toThrow('there is no key for openai');
    vi.stubEnv('OPENAI_API_KEY', 'key');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:9');
    await expect(predict('What?', { models })).rejects.toThrow('at the base URL of OPENAI_BASE_URL');
  });
});

describe('a digest of options', () => {
  it('is that of the content for plain data, in any order, and of the identity for all else', () => {
    const choose = () => [];
    const same = digestOf({ a: [1, { b: 'c' }], choose });
    expect(digestOf({ choose, a: [1, { b: 'c' }], none: undefined })).toBe(same);
    for (const other of [
      { a: [1, { b: 'c' }], choose: () => [] },
      { a: ['1', { b: 'c' }], choose },
      { choose },
    ]) {
      expect(digestOf(other)).not.toBe(same);
    }
    const date = new Date(0);
    expect(digestOf([date])).toBe(digestOf([date]));
    expect(digestOf([date])).not.toBe(digestOf([new Date(0)]));
    expect(digestOf(['a', 'b'])).not.toBe(digestOf(['a,b']));
  });

  it('shows no key, and needs no end', () => {
    const cycle: Record<string, unknown> = { apiKey: 'sk-canary' };
    cycle.self = cycle;
    expect(digestOf(cycle)).toBe(digestOf(cycle));
    expect(digestOf(cycle)).not.toContain('canary');
    const unreadable = {
      get models(): never {
        throw new Error('no');
      },
    };
    expect(digestOf(unreadable)).toBeUndefined();
  });
});

it('keeps the values that were used last', () => {
  const values = leastRecentlyUsed<string>(2);
  const made: string[] = [];
  const get = (key: string) =>
    values.get(key, () => {
      made.push(key);
      return key;
    });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

describe('an outcome', () => {
  beforeEach(() => vi.stubEnv('OPENAI_API_KEY', 'key'));

  it('says which model a short name stands for, also if it failed', async () => {
    const name = { model: 'openai_gpt4o', baseURL: 'http://127.0.0.1:9', apiKey: 'key' };
    expect(modelOf(name).id).toBe('openai_gpt4o');
    const { outcomes } = await predict('?', { models: [name] }).catch((error) => error);
    expect(outcomes).toMatchObject([
      { model: 'openai_gpt4o', servedBy: 'openai/gpt-6.1-terra', status: 'failed' },
    ]);
  });
});
