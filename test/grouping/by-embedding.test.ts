import { NEVER, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { journaled, memoryJournal } from '../../src/experiment/experiment.ts';
import { byEmbedding, type EmbeddingOptions } from '../../src/grouping/by-embedding.ts';
import { defineEmbedder, type EmbedFunction, type Vector } from '../../src/grouping/define-embedder.ts';
import { createEnsemble, defineModel, type Model, ModelError } from '../../src/index.ts';
import { cache, retry } from '../../src/policies/policies.ts';
import { marbles } from '../marbles.ts';

const saying = (...texts: string[]): Model[] =>
  texts.map((text, index) => defineModel(`model-${index}`, () => text));

/** The directions of trees, in degrees. */
const degrees: Readonly<Record<string, number>> = {
  ash: 0,
  birch: 10,
  cedar: 20,
  elm: 30,
  pine: 40,
  fir: 45,
  willow: 50,
  hazel: 70,
  lime: 90,
  oak: 100,
};

const angle = (text: string): Vector => {
  const radians = ((degrees[text] ?? 0) * Math.PI) / 180;
  return Float32Array.of(2 * Math.cos(radians), 2 * Math.sin(radians));
};

const counting = () => {
  const asked: (readonly string[])[] = [];
  const embed: EmbedFunction = (texts) => {
    asked.push(texts);
    return { embeddings: texts.map(angle), costUsd: 0.01, usage: { inputTokens: 7 } };
  };
  return { asked, embed };
};

const cosine = (angle: number): number => Math.cos((angle * Math.PI) / 180);

const predicting = (texts: readonly string[], options: Partial<EmbeddingOptions> = {}) =>
  createEnsemble({
    models: saying(...texts),
    grouping: byEmbedding({ embed: counting().embed, threshold: cosine(30.01), ...options }),
  }).predict('Which way?');

describe('byEmbedding', () => {
  it('groups the answers whose vectors are near on average, the nearest first', async () => {
    const { metadata } = await predicting(['ash', 'oak', 'elm', 'hazel', 'fir']);
    // The ash is 30 from the elm; the fir is nearer to it, so these two meet first, and the ash is too far from them on average.
    expect(metadata.votes).toEqual({ ash: 1, oak: 2, elm: 2 });
  });

  it('makes one call for the different answers, and counts it as that of an embedder', async () => {
    const { asked, embed } = counting();
    const { metadata, outcomes } = await predicting(['birch', 'cedar', 'birch', 'lime'], { embed });
    expect(asked).toEqual([['birch', 'cedar', 'lime']]);
    expect(outcomes.at(-1)).toMatchObject({ model: 'embedder', role: 'embedder', index: 4 });
    expect(metadata).toMatchObject({
      votes: { birch: 3, lime: 1 },
      costUsd: 0.01,
      usage: { inputTokens: 7 },
    });
  });

  it('makes no call if all answers are equal', async () => {
    const { asked, embed } = counting();
    await predicting(['birch', 'birch'], { embed });
    expect(asked).toEqual([]);
  });

  it('divides more texts than a call may have', async () => {
    const { asked, embed } = counting();
    await predicting(['birch', 'cedar', 'elm', 'pine', 'willow'], { embed, batchSize: 2 });
    expect(asked).toEqual([['birch', 'cedar'], ['elm', 'pine'], ['willow']]);
  });

  it('keeps its responses, those of a function by the question', async () => {
    const { asked, embed } = counting();
    const grouping = byEmbedding({ embed, threshold: 0.9 });
    const ask = (question: string, ...texts: string[]) =>
      createEnsemble({ models: saying(...texts), grouping }).predict(question);
    await ask('Which?', 'birch', 'cedar');
    const { metadata, outcomes } = await ask('Which?', 'birch', 'cedar');
    await ask('What?', 'birch', 'cedar');
    expect(asked).toHaveLength(2);
    expect(metadata.votes).toEqual({ birch: 2 });
    expect(outcomes.at(-1)).toMatchObject({
      role: 'embedder',
      costUsd: 0,
      response: { cached: { costUsd: 0.01 } },
    });
  });

  it('tells a function the question', async () => {
    let told: string | undefined;
    const embed: EmbedFunction = (texts, { question }) => {
      told = question;
      return texts.map(angle);
    };
    await predicting(['birch', 'cedar'], { embed });
    expect(told).toBe('Which way?');
  });

  it('takes an embedding model with policies of its own', async () => {
    let calls = 0;
    const flaky = defineEmbedder('mine', (texts) => {
      calls += 1;
      if (calls === 1) throw new ModelError('mine', 'hiccup');
      return texts.map(angle);
    });
    const embed = cache()(retry({ maxAttempts: 2, baseDelayMs: 1, shouldHandle: () => true })(flaky));
    const { metadata, outcomes } = await predicting(['birch', 'cedar'], { embed });
    expect(metadata.votes).toEqual({ birch: 2 });
    expect(outcomes.at(-1)).toMatchObject({ model: 'mine', role: 'embedder' });
    // The vectors survive a store that writes JSON.
    await predicting(['birch', 'cedar'], { embed });
    expect(calls).toBe(2);
  });

  it('takes an embedding model whose calls are in a journal', async () => {
    let calls = 0;
    const counted = defineEmbedder('mine', (texts) => {
      calls += 1;
      return texts.map(angle);
    });
    const embed = journaled({ journal: memoryJournal() })(counted);
    for (const _ of [1, 2]) {
      const { metadata } = await predicting(['birch', 'cedar', 'lime'], { embed });
      expect(metadata.votes).toEqual({ birch: 2, lime: 1 });
    }
    expect(calls).toBe(1);
  });

  it.each<[string, EmbedFunction, RegExp]>([
    [
      'throws',
      () => {
        throw new RangeError('sk-secret');
      },
      /failed/,
    ],
    ['rejects', () => Promise.reject(new ModelError('embedder', 'is gone')), /is gone/],
    ['returns a vector too few', (texts) => texts.slice(1).map(angle), /3 vectors/],
    ['returns vectors of different lengths', () => [[1], [1, 2], [3]], /of the same length/],
    [
      'returns numbers that are none',
      () => [
        [1, Number.NaN],
        [1, 2],
      ],
      /vectors of numbers/,
    ],
    ['returns texts', () => ['a', 'b', 'c'] as unknown as Vector[], /vectors of numbers/],
    ['returns empty vectors', () => [[], [], []], /vectors of numbers/],
    ['returns nothing', () => undefined as unknown as Vector[], /vectors of numbers/],
  ])('groups by content if the function %s, and says so', async (_, embed, why) => {
    const { metadata } = await predicting(['birch', 'cedar', 'a birch'], {
      embed: (texts, context) => (texts.length === 3 ? embed(texts, context) : []),
    });
    expect(metadata.votes).toEqual({ birch: 2, cedar: 1 });
    expect(metadata.warnings).toEqual([
      expect.stringMatching(
        /^byEmbedding did not compare the answers, because the call of the embedder failed/,
      ),
    ]);
    expect(metadata.warnings[0]).toMatch(why);
    expect(metadata.warnings[0]).not.toContain('secret');
  });

  it('says so if a model is no embedding model', async () => {
    const { metadata } = await predicting(['birch', 'cedar'], { embed: defineModel('chat', () => 'Hello') });
    expect(metadata.warnings).toEqual([expect.stringMatching(/no 2 vectors.*pass an embedding model/)]);
  });

  it('ends with the time limit of a call', () => {
    let warnings: readonly string[] = [];
    marbles(() => {
      const ensemble = createEnsemble({
        models: saying('birch', 'cedar'),
        grouping: byEmbedding({ embed: () => NEVER, threshold: 0.9 }),
        timeoutMs: 20,
      });
      ensemble.predict$('Which way?').subscribe(({ metadata }) => {
        ({ warnings } = metadata);
      });
    })();
    expect(warnings).toEqual([expect.stringMatching(/did not compare.*20 ms/)]);
  });

  it('aborts the function when the caller leaves', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const embed: EmbedFunction = (_, { signal }) => {
      asked.resolve(signal);
      return NEVER;
    };
    const grouping = byEmbedding({ embed, threshold: 0.9 });
    const ensemble = createEnsemble({ models: saying('birch', 'cedar'), grouping });
    const leaving = ensemble.predict$('Which way?').subscribe();
    const signal = await asked.promise;
    leaving.unsubscribe();
    expect(signal.reason).toMatchObject({ cause: 'caller-left' });
  });

  it('takes an Observable, of which the first value counts', async () => {
    const { metadata } = await predicting(['birch', 'cedar'], { embed: (texts) => of(texts.map(angle), []) });
    expect(metadata.votes).toEqual({ birch: 2 });
  });

  it('never joins answers whose facts exclude each other', async () => {
    const embed: EmbedFunction = (texts) => texts.map(() => [1, 0]);
    const texts = ['It rose by 5 %', 'It fell by 5 %', 'It rose by five percent'];
    const { metadata } = await predicting(texts, { embed });
    expect(metadata.votes).toEqual({ 'It rose by 5 %': 2, 'It fell by 5 %': 1 });
  });

  it('keeps a vector of zeros apart', async () => {
    const embed: EmbedFunction = () => [
      [0, 0],
      [0, 1],
      [0, 2],
    ];
    const { metadata } = await predicting(['a', 'b', 'c'], { embed });
    expect(metadata.votes).toEqual({ a: 1, b: 2 });
  });

  it.each([
    [{ threshold: 0.5 }, /"embed" is missing/],
    [{ embed: 'text-embedding-3-small', threshold: 0.5 }, /"embed" must be an embedding model/],
    [{ embed: () => [] }, /"threshold" is missing; it must be a number from -1 to 1/],
    [{ embed: () => [], threshold: 80 }, /"threshold" must be a number from -1 to 1/],
    [{ embed: () => [], threshold: 0.5, batchSize: 0 }, /"batchSize"/],
  ])('refuses %o', (options, message) => {
    expect(() => byEmbedding(options as unknown as EmbeddingOptions)).toThrow(message);
  });
});
