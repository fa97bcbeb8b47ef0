import { type ConditionalPrice, findProvider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createListedPrices, plainListedPrice } from '../../src/catalog/listed-price.ts';
import type { Usage } from '../../src/index.ts';

const providers = [
  'openai',
  'anthropic',
  'google',
  'deepseek',
  'groq',
  'mistral',
  'openrouter',
  'xai',
  'azure',
];
const models = providers.flatMap((provider) =>
  (findProvider({ providerId: provider === 'xai' ? 'x-ai' : provider })?.models ?? []).map(({ id }) => ({
    provider,
    modelId: id,
  })),
);

/** Few, because a usage of 0 or without a count is one of its own. */
const count = (most: number) => fc.oneof(fc.constant(undefined), fc.constant(0), fc.nat(most));
const usages: fc.Arbitrary<Usage> = fc
  .record({
    fresh: fc.oneof(fc.nat(2000), fc.nat(400_000), fc.double({ min: 0, max: 5000, noNaN: true })),
    cachedInputTokens: count(300_000),
    cacheWriteTokens: count(100_000),
    reasoningTokens: count(20_000),
    visible: fc.nat(100_000),
    media: fc.option(fc.nat(100), { freq: 10 }),
  })
  .map(({ fresh, visible, media, ...parts }) => ({
    ...parts,
    inputTokens: fresh + (parts.cachedInputTokens ?? 0) + (parts.cacheWriteTokens ?? 0) + (media ?? 0),
    outputTokens: visible + (parts.reasoningTokens ?? 0) + (media ?? 0),
    ...(media !== null && { audioInputTokens: media, audioOutputTokens: media }),
  }));
const moments = fc.date({ min: new Date('2023-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });

const resultOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return String(error);
  }
};

describe('the price of a model in the list', () => {
  it('is that of a plain lookup to the last digit, for every model and at every moment', () => {
    const listedPrice = createListedPrices();
    expect(models.length).toBeGreaterThan(300);
    fc.assert(
      fc.property(fc.constantFrom(...models), usages, moments, ({ provider, modelId }, usage, at) => {
        const expected = resultOf(() => plainListedPrice(provider, modelId, usage, at));
        // The first call looks the rates up; the second one has them.
        for (const _ of [1, 2])
          expect(resultOf(() => listedPrice(provider, modelId, usage, at))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('is that of a plain lookup right before and right after each change', () => {
    const listedPrice = createListedPrices();
    const usage = { inputTokens: 1013, outputTokens: 507, cachedInputTokens: 11 };
    const changes = models.flatMap((model) => changesOf(model).map((at) => ({ ...model, at })));
    expect(changes.length).toBeGreaterThan(10);
    for (const { provider, modelId, at } of changes) {
      const around = [-86_400_000, -60_000, -1, 0, 1, 60_000].map((ms) => new Date(at + ms));
      for (const time of [...around, ...around.toReversed()]) {
        expect(listedPrice(provider, modelId, usage, time)).toEqual(
          plainListedPrice(provider, modelId, usage, time),
        );
      }
    }
  });
});

/** The moments of a day in 2026 at which a price of a model changes. */
const changesOf = ({ provider, modelId }: { provider: string; modelId: string }): number[] => {
  const found = findProvider({ providerId: provider === 'xai' ? 'x-ai' : provider });
  const prices = found?.models.find(({ id }) => id === modelId)?.prices;
  return (Array.isArray(prices) ? (prices as ConditionalPrice[]) : []).flatMap(({ constraint }) => {
    if (constraint === undefined) return [];
    return 'start_date' in constraint
      ? [Date.parse(constraint.start_date)]
      : [constraint.start_time, constraint.end_time].map((time) => Date.parse(`2026-11-30T${time}`));
  });
};
