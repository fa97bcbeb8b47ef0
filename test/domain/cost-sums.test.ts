import { describe, expect, it } from 'vitest';
import { type Cost, costGiven, costOf, estimatedCost, plus, priced, sumOf } from '../../src/domain/cost.ts';
import type { ModelResponse, Usage } from '../../src/domain/model.ts';
import type { Price, Pricing } from '../../src/domain/pricing.ts';
import { reportedByProvider } from '../../src/domain/provider-report.ts';
import { toRequest } from '../../src/engine/to-request.ts';

const reported: Cost = { costUsd: 1, costSource: 'reported' };
const estimated: Cost = { costUsd: 2, costSource: 'estimated' };
const partial: Cost = { costUsd: 4, costSource: 'partial' };
const unknown: Cost = { costUsd: undefined, costSource: 'unknown' };
const bounded: Cost = { costUsd: 4, costSource: 'partial', maxCostUsd: 7 };
const atMost: Cost = { costUsd: undefined, costSource: 'unknown', maxCostUsd: 3 };
const similar: Cost = { costUsd: 8, costSource: 'reported', isPriceApproximate: true };

describe('a sum of costs', () => {
  it.each<readonly [what: string, costs: readonly Cost[], sum: Cost]>([
    ['nothing', [], unknown],
    ['unknown costs', [unknown, unknown], unknown],
    ['reported costs', [reported, reported], { costUsd: 2, costSource: 'reported' }],
    ['a reported and an estimated one', [reported, estimated], { costUsd: 3, costSource: 'estimated' }],
    ['an estimated and a reported one', [estimated, reported], { costUsd: 3, costSource: 'estimated' }],
    ['a lower bound and an estimate', [partial, estimated], { costUsd: 6, costSource: 'partial' }],
    ['an estimate and a lower bound', [estimated, partial], { costUsd: 6, costSource: 'partial' }],
    ['a known and an unknown one', [reported, unknown], { costUsd: 1, costSource: 'partial' }],
    ['an unknown and an estimated one', [unknown, estimated], { costUsd: 2, costSource: 'partial' }],
    [
      'one by a similar price, and one by its own',
      [similar, reported],
      { costUsd: 9, costSource: 'reported', isPriceApproximate: true },
    ],
    [
      'one within bounds, and a known one',
      [bounded, reported],
      { costUsd: 5, costSource: 'partial', maxCostUsd: 8 },
    ],
    [
      'one of an upper bound only, and a known one',
      [atMost, reported],
      { costUsd: 1, costSource: 'partial', maxCostUsd: 4 },
    ],
    ['two of an upper bound only', [atMost, atMost], { ...unknown, maxCostUsd: 6 }],
    ['one within bounds, and an unknown one', [bounded, unknown], { costUsd: 4, costSource: 'partial' }],
    ['free calls', [{ costUsd: 0, costSource: 'reported' }], { costUsd: 0, costSource: 'reported' }],
  ])('of %s', (_what, costs, sum) => {
    expect(sumOf(costs)).toStrictEqual(sum);
  });

  it('stays unknown until the first known cost, and 0 is known', () => {
    expect(plus(undefined, undefined)).toBeUndefined();
    expect(plus(undefined, 0)).toBe(0);
    expect(plus(2, undefined)).toBe(2);
    expect(plus(2, 3)).toBe(5);
  });
});

describe('a cost that an error states', () => {
  it.each<readonly [Cost | undefined, object]>([
    [undefined, { costUsd: undefined }],
    [unknown, { costUsd: undefined }],
    [reported, { costUsd: 1 }],
    [estimated, { costUsd: 2, costSource: 'estimated' }],
    [partial, { costUsd: 4, costSource: 'partial' }],
  ])('of %o', (cost, options) => {
    expect(costGiven(cost)).toStrictEqual(options);
  });
});

const model = { id: 'm', modelId: 'm' };
const pricingOf = (
  priceOf: (usage: Usage) => unknown,
  countTokens = (text: string) => text.length,
): Pricing => ({
  priceOf: (_, usage) => priceOf(usage) as Price,
  countTokens,
});
const usage: Usage = { inputTokens: 3, outputTokens: 2 };

describe('a price', () => {
  it.each<readonly [price: unknown, cost: Cost]>([
    [undefined, unknown],
    [null, unknown],
    [{ usd: 0 }, { costUsd: 0, costSource: 'reported' }],
    [{ usd: 5 }, { costUsd: 5, costSource: 'reported' }],
    [
      { usd: 5, isApproximate: true },
      { costUsd: 5, costSource: 'reported', isPriceApproximate: true },
    ],
    [
      { usd: 5, isApproximate: false },
      { costUsd: 5, costSource: 'reported' },
    ],
    ...[-1, Number.NaN, Number.POSITIVE_INFINITY, '5', null].map(
      (usd) => [{ usd }, { ...unknown, warning: 'the pricing returned no amount in USD' }] as const,
    ),
  ])('of %o', (price, cost) => {
    expect(
      priced(
        model,
        pricingOf(() => price),
        'reported',
        () => usage,
      ),
    ).toStrictEqual(cost);
  });

  it('that throws, or comes later, is unknown and says why', () => {
    const thrown = pricingOf(() => {
      throw new RangeError('no');
    });
    expect(priced(model, thrown, 'reported', () => usage)).toMatchObject({
      ...unknown,
      warning: expect.stringMatching(/^the pricing .*RangeError/),
    });
    const later = pricingOf(async () => ({ usd: 1 }));
    expect(priced(model, later, 'reported', () => usage)).toMatchObject({
      ...unknown,
      warning: expect.stringMatching(/^the pricing .*[Pp]romise/),
    });
  });
});

/** A dollar a token read, ten a token written. */
const dollars = pricingOf(({ inputTokens = 0, outputTokens = 0 }) => ({
  usd: inputTokens + 10 * outputTokens,
}));
const request = toRequest('four');
const costOfResponse = (response: Partial<ModelResponse>, pricing: Pricing | undefined = dollars): Cost =>
  costOf(model, request, { text: 'xx', ...response }, pricing);

describe('the cost of a response', () => {
  const byTexts: Cost = { costUsd: 24, costSource: 'estimated' };

  it.each<readonly [usage: Usage, cost: Cost]>([
    [usage, { costUsd: 23, costSource: 'reported' }],
    [
      { ...usage, reasoningTokens: 2 },
      { costUsd: 23, costSource: 'reported' },
    ],
    [{ ...usage, reasoningTokens: 3 }, byTexts],
    [
      { ...usage, cachedInputTokens: 1, cacheWriteTokens: 2 },
      { costUsd: 23, costSource: 'reported' },
    ],
    [{ ...usage, cachedInputTokens: 2, cacheWriteTokens: 2 }, byTexts],
    [{ ...usage, cachedInputTokens: 4 }, byTexts],
    [{ ...usage, cacheWriteTokens: 4 }, byTexts],
    [{ inputTokens: 3 }, byTexts],
    [{ outputTokens: 2 }, byTexts],
    [{ inputTokens: -1, outputTokens: 2 }, byTexts],
    [{ inputTokens: 3, outputTokens: Number.NaN }, byTexts],
  ])('with the usage %o', (reportedUsage, cost) => {
    expect(costOfResponse({ usage: reportedUsage })).toStrictEqual(cost);
  });

  it.each<readonly [response: Partial<ModelResponse>, cost: Cost]>([
    [{ costUsd: 0 }, { costUsd: 0, costSource: 'reported' }],
    [{ costUsd: 1 }, { costUsd: 1, costSource: 'reported' }],
    [
      { costUsd: 1, costSource: 'estimated' },
      { costUsd: 1, costSource: 'estimated' },
    ],
    [
      { costUsd: 1, costSource: 'partial' },
      { costUsd: 1, costSource: 'partial' },
    ],
    [
      { costUsd: 1, costSource: 'mine' as never },
      { costUsd: 1, costSource: 'reported' },
    ],
    [
      { cached: { costUsd: 7 }, usage },
      { costUsd: 0, costSource: 'reported' },
    ],
    [{ cached: true as never }, byTexts],
    [{ costUsd: -1 }, byTexts],
    [{}, byTexts],
  ])('that states %o', (response, cost) => {
    expect(costOfResponse(response)).toStrictEqual(cost);
  });

  it('is an estimate if some of the usage was dropped, with a warning', () => {
    const response = { text: 'xx', usage, ...reportedByProvider({ warnings: ['odd'] }) };
    expect(costOf(model, request, response, dollars)).toStrictEqual({
      costUsd: 23,
      costSource: 'estimated',
    });
  });

  it('is unknown without a pricing, and for a response that cannot be read', () => {
    expect(costOf(model, request, { text: 'xx', usage }, undefined)).toStrictEqual(unknown);
    const unreadable = {
      get text(): string {
        throw new Error('no');
      },
    };
    expect(costOf(model, request, unreadable, dollars)).toStrictEqual(unknown);
  });
});

describe('an estimate', () => {
  it('counts the system prompt and each message, line by line, and what was written', () => {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'six' },
    ] as const;
    const counted: string[] = [];
    const pricing = pricingOf(
      ({ inputTokens = 0, outputTokens = 0 }) => ({ usd: inputTokens + 100 * outputTokens }),
      (text) => {
        counted.push(text);
        return text.length;
      },
    );
    expect(estimatedCost(model, { ...request, messages, system: 'Be.' }, 'abc', pricing)).toStrictEqual({
      costUsd: 315,
      costSource: 'estimated',
    });
    expect(counted).toStrictEqual(['Be.\none\ntwo\nsix', 'abc']);
    expect(estimatedCost(model, request, '', pricing)).toStrictEqual({ costUsd: 4, costSource: 'estimated' });
    expect(estimatedCost(model, request, 'abc', undefined)).toStrictEqual(unknown);
  });

  it.each([[-1], [Number.NaN], ['4'], [undefined]])('by %s tokens is unknown and says so', (tokens) => {
    const pricing = pricingOf(
      () => ({ usd: 1 }),
      () => tokens as number,
    );
    expect(estimatedCost(model, request, 'abc', pricing)).toMatchObject({
      ...unknown,
      warning: expect.stringContaining('a number of tokens'),
    });
  });
});
