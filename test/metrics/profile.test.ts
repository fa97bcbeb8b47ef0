import { describe, expect, it } from 'vitest';
import { createEnsemble, defineModel, hedged, type Model, simulated } from '../../src/index.ts';
import { type Configuration, profile } from '../../src/metrics/profile.ts';
import { failure, prediction } from './predictions.ts';

const questions = ['1?', '2?', '3?'];

/** A configuration whose predictions are all like this one. */
const fixed = (
  metadata: Parameters<typeof prediction>[0] extends infer S ? NonNullable<S> : never,
): Configuration => ({ predict: async () => prediction(metadata) });

const measured = (latencyMs: number, costUsd: number, consensus: number, quorum = 1): Configuration =>
  fixed({
    metadata: { latencyMs, costUsd, costSource: 'reported', consensus, quorum, successes: 3 * quorum },
  });

const answering = (id: string, text: string, costUsd = 0.001): Model =>
  defineModel(id, () => ({ text, costUsd }));

describe('profile', () => {
  it('names the fastest, the cheapest, the most agreed and the best value', async () => {
    const found = await profile(questions, {
      quick: measured(10, 0.003, 0.7),
      cheap: measured(30, 0.001, 0.8),
      solid: measured(50, 0.009, 0.95),
      sound: measured(40, 0.004, 0.92),
    });
    expect(found).toMatchObject({
      fastest: 'quick',
      cheapest: 'cheap',
      mostAgreed: 'solid',
      bestValue: 'sound',
    });
    expect(
      found.configurations.map(({ name, agreement, stats }) => [name, agreement?.toFixed(2), stats.count]),
    ).toEqual([
      ['quick', '0.70', 3],
      ['cheap', '0.80', 3],
      ['solid', '0.95', 3],
      ['sound', '0.92', 3],
    ]);
  });

  it('takes a single question, which is no list of letters', async () => {
    const asked: unknown[] = [];
    const one: Configuration = {
      predict: async (query) => {
        asked.push(query);
        return prediction();
      },
    };
    const chat = { messages: [{ role: 'user', content: '2?' }] } as const;
    await profile('What is 2 + 2?', { one });
    await profile(chat, { one });
    expect(asked).toStrictEqual(['What is 2 + 2?', chat]);
  });

  it('asks what predicts as a method does', async () => {
    class Remote {
      readonly made = prediction();
      async predict() {
        return this.made;
      }
    }
    expect((await profile(questions, { remote: new Remote() })).configurations[0]?.stats.count).toBe(3);
  });

  it('goes as far below the most agreed as it is told to', async () => {
    const configurations = { solid: measured(1, 0.009, 0.95), sound: measured(1, 0.004, 0.92) };
    const valueWithin = async (agreementTolerance: number) =>
      (await profile(questions, configurations, { agreementTolerance })).bestValue;
    expect(await valueWithin(0)).toBe('solid');
    expect(await valueWithin(0.02)).toBe('solid');
    expect(await valueWithin(0.04)).toBe('sound');
  });

  it('takes as agreement the share of the panel that is known to agree, and none of a panel of one', async () => {
    const three = [answering('a', '4'), answering('b', '4'), answering('c', '5')];
    const { configurations, mostAgreed } = await profile(questions, {
      one: createEnsemble({ models: [answering('a', '4')] }),
      all: createEnsemble({ models: three }),
      first: createEnsemble({ models: three, execution: hedged() }),
    });
    const agreements = configurations.map(({ agreement }) => agreement);
    expect(agreements[0]).toBeUndefined();
    expect(agreements[1]).toBeCloseTo(2 / 3);
    expect(agreements[2]).toBeCloseTo(1 / 3);
    expect(mostAgreed).toBe('all');
  });

  it('asks each configuration first in turn, one at a time, and shares no call', async () => {
    const asked: string[] = [];
    let out = 0;
    const noting = (name: string): Configuration => ({
      predict: async (query) => {
        out += 1;
        expect(out).toBe(1);
        asked.push(`${name}${query}`);
        await Promise.resolve();
        out -= 1;
        return prediction();
      },
    });
    await profile(questions, { a: noting('a'), b: noting('b'), c: noting('c') });
    expect(asked).toStrictEqual(['a1?', 'b1?', 'c1?', 'b2?', 'c2?', 'a2?', 'c3?', 'a3?', 'b3?']);
  });

  it('excludes configurations with fewer predictions, and counts a failure as no agreement', async () => {
    let calls = 0;
    const flaky: Configuration = {
      predict: async () => {
        calls += 1;
        if (calls === 2) throw failure();
        return prediction({ metadata: { latencyMs: 1, costUsd: 0, costSource: 'reported' } });
      },
    };
    const found = await profile(questions, { flaky, steady: measured(100, 0.5, 0.6) });
    expect(found).toMatchObject({
      fastest: 'steady',
      cheapest: 'steady',
      mostAgreed: 'steady',
      bestValue: 'steady',
    });
    expect(found.configurations[0]).toMatchObject({ agreement: 2 / 3, stats: { successes: 2, failures: 1 } });
  });

  it('does not name a configuration with unknown costs as the cheapest', async () => {
    const unknown = fixed({ metadata: { costUsd: undefined, costSource: 'unknown' } });
    const partial = fixed({ metadata: { costUsd: 0.0001, costSource: 'partial' } });
    expect((await profile(questions, { unknown, partial, dear: measured(1, 5, 1) })).cheapest).toBe('dear');
    expect((await profile(questions, { unknown, partial })).cheapest).toBeUndefined();
  });

  it('names no configuration without questions or predictions', async () => {
    const nothing = { fastest: undefined, cheapest: undefined, mostAgreed: undefined, bestValue: undefined };
    const failing: Configuration = { predict: () => Promise.reject(failure()) };
    expect(await profile([], { a: measured(1, 1, 1) })).toMatchObject(nothing);
    expect(await profile(questions, { failing })).toMatchObject(nothing);
  });

  it('counts calls that a cache answered', async () => {
    const cached = defineModel('a', () => ({ text: '4', cached: { costUsd: 1 } }));
    const { configurations } = await profile(questions, { cached: createEnsemble({ models: [cached] }) });
    expect(configurations[0]?.cachedCalls).toBe(3);
  });

  it('ends with what is a bug, and when it is told to end', async () => {
    const broken: Configuration = { predict: () => Promise.reject(new TypeError('bug')) };
    await expect(profile(questions, { broken })).rejects.toThrow('bug');
    const controller = new AbortController();
    const slow = createEnsemble({ models: [defineModel('a', () => new Promise(() => undefined))] });
    const asked = profile(questions, { slow }, { signal: controller.signal });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'CancelledError' });
  });

  it('takes questions as they come, and refuses no configurations', async () => {
    const ensemble = createEnsemble({
      models: [simulated({ id: 'a', accuracy: 1 })],
      normalization: 'numeric',
    });
    const stream = (async function* () {
      yield* questions;
    })();
    expect((await profile(stream, { ensemble })).configurations[0]?.stats.count).toBe(3);
    await expect(profile(questions, {})).rejects.toThrow('must be one or more ensembles by name');
    await expect(profile(questions, { ensemble }, { agreementTolerance: 2 })).rejects.toThrow('from 0 to 1');
  });
});
