import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genaiPrices } from '../../src/catalog/genai-prices.ts';
import { createEnsemble, defineModel, type Usage } from '../../src/index.ts';

// Written by hand from the price pages of the providers, in USD per million tokens: what the tests calculate with.
interface Rates {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
}

interface PublishedPrice extends Rates {
  readonly above?: { readonly inputTokens: number } & Rates;
}

const published: Readonly<Record<string, PublishedPrice>> = {
  // No charge of its own for writing to the cache: what is written is input.
  'openai/gpt-4o': { input: 2.5, cached: 1.25, written: 2.5, output: 10 },
  'openai/gpt-6-luna': {
    input: 0.1,
    cached: 0.01,
    written: 0.125,
    output: 0.5,
    above: { inputTokens: 272_000, input: 0.2, cached: 0.02, written: 0.25, output: 0.75 },
  },
  'openai/gpt-6.1-terra': {
    input: 1,
    cached: 0.05,
    written: 1.25,
    output: 5,
    above: { inputTokens: 272_000, input: 2, cached: 0.1, written: 2.5, output: 7.5 },
  },
  'openai/gpt-6.1-sol': {
    input: 2,
    cached: 0.1,
    written: 2.5,
    output: 10,
    above: { inputTokens: 272_000, input: 4, cached: 0.2, written: 5, output: 15 },
  },
  'anthropic/claude-haiku-4-5': { input: 1, cached: 0.1, written: 1.25, output: 5 },
  'anthropic/claude-haiku-5-5': {
    input: 0.1,
    cached: 0.01,
    written: 0.125,
    output: 0.5,
    above: { inputTokens: 100_000, input: 0.5, cached: 0.05, written: 0.625, output: 2.5 },
  },
  'anthropic/claude-sonnet-4-5': {
    input: 3,
    cached: 0.3,
    written: 3.75,
    output: 15,
    above: { inputTokens: 200_000, input: 6, cached: 0.6, written: 7.5, output: 22.5 },
  },
  'anthropic/claude-opus-5-5': { input: 4, cached: 0.2, written: 5, output: 20 },
  'google/gemini-3.5-flash-lite': { input: 0.3, cached: 0.03, written: 0.3, output: 2.5 },
  'google/gemini-2.5-pro': {
    input: 1.25,
    cached: 0.125,
    written: 1.25,
    output: 10,
    above: { inputTokens: 200_000, input: 2.5, cached: 0.25, written: 2.5, output: 15 },
  },
};

/** In whole billionths of a micro-dollar, so that nothing is rounded on the way. */
const exactMicroUsd = (price: PublishedPrice, usage: Usage): number => {
  const { inputTokens = 0, cachedInputTokens = 0, cacheWriteTokens = 0, outputTokens = 0 } = usage;
  const isLong = price.above !== undefined && inputTokens > price.above.inputTokens;
  const rates = isLong ? price.above : price;
  const billionths = (tokens: number, rate: number): bigint =>
    BigInt(tokens) * BigInt(Math.round(rate * 1e9));
  const total =
    billionths(inputTokens - cachedInputTokens - cacheWriteTokens, rates.input) +
    billionths(cachedInputTokens, rates.cached) +
    billionths(cacheWriteTokens, rates.written) +
    billionths(outputTokens, rates.output);
  return Number(total) / 1e9;
};

const named = (name: string) => ({
  id: name,
  provider: name.slice(0, name.indexOf('/')),
  modelId: name.slice(name.indexOf('/') + 1),
});

const usages = fc
  .record({
    fresh: fc.nat(400_000),
    cachedInputTokens: fc.nat(200_000),
    cacheWriteTokens: fc.nat(100_000),
    reasoningTokens: fc.nat(20_000),
    visible: fc.nat(100_000),
  })
  .map(({ fresh, visible, ...parts }) => ({
    ...parts,
    inputTokens: fresh + parts.cachedInputTokens + parts.cacheWriteTokens,
    outputTokens: visible + parts.reasoningTokens,
  }));

const at = new Date('2026-11-24T12:00:00Z');
const usage = { inputTokens: 1_000_000, outputTokens: 1_000_000 };

describe('genaiPrices', () => {
  it.each(Object.entries(published))('prices %s to the micro-dollar, whatever it used', (name, price) => {
    const { priceOf } = genaiPrices({ at });
    fc.assert(
      fc.property(usages, (used) => {
        const known = priceOf(named(name), used);
        expect(known?.isApproximate).toBeUndefined();
        expect(Math.abs((known?.usd ?? Number.NaN) * 1e6 - exactMicroUsd(price, used))).toBeLessThan(1e-3);
      }),
      { examples: [[{ ...usage, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }]] },
    );
  });

  it.each([
    ['google/gemini-2.5-pro', 200_000],
    ['openai/gpt-6-luna', 272_000],
    ['openai/gpt-6.1-terra', 272_000],
    ['anthropic/claude-haiku-5-5', 100_000],
  ])('charges the whole call of %s more from the first token above %i', (name, limit) => {
    const { priceOf } = genaiPrices({ at });
    const usd = (inputTokens: number) => priceOf(named(name), { inputTokens, outputTokens: 0 })?.usd ?? 0;
    const extra = usd(limit + 1) - usd(limit);
    const { input = 0, above } = published[name] ?? {};
    expect(extra * 1e6).toBeCloseTo((above?.input ?? 0) * (limit + 1) - input * limit, 3);
  });

  it('knows the price of the day of the call', () => {
    const argon = named('google/gemini-4-argon');
    expect(genaiPrices({ at: new Date('2026-11-30T23:59:59Z') }).priceOf(argon, usage)).toEqual({ usd: 12 });
    expect(genaiPrices({ at: new Date('2026-12-01T00:00:00Z') }).priceOf(argon, usage)).toEqual({ usd: 24 });
  });

  it('knows no price for what is in no list: it is undefined, not 0', () => {
    const { priceOf } = genaiPrices();
    expect(priceOf(named('openai/gpt-99'), usage)).toBeUndefined();
    expect(priceOf(named('ollama/llama3.2'), usage)).toBeUndefined();
    expect(priceOf({ id: 'gpt-4o' }, usage)).toBeUndefined();
    expect(priceOf({ id: 'gpt-4o', provider: 'openai' }, usage)).toBeUndefined();
  });

  it('does not take a provider for another that is called alike', () => {
    const { priceOf } = genaiPrices();
    for (const provider of ['openai-compatible', 'my-openai', 'vllm', '']) {
      expect(priceOf({ id: 'a', provider, modelId: 'gpt-4o' }, usage)).toBeUndefined();
    }
  });

  it('knows a provider that the list has under another name', () => {
    expect(genaiPrices().priceOf(named('xai/grok-4.20'), usage)).toBeDefined();
  });

  it.each([
    ['a dated snapshot', 'anthropic/claude-haiku-4-5-20251001'],
    ['a newer model that begins with the name of an older one', 'anthropic/claude-sonnet-5-9'],
    ['a model at a seller without prices of its own', 'azure/gpt-4o'],
  ])('marks the price of %s as approximate', (_, name) => {
    expect(genaiPrices().priceOf(named(name), usage)).toEqual({
      usd: expect.any(Number),
      isApproximate: true,
    });
  });

  it.each([
    ['more cached than read', { inputTokens: 10, cachedInputTokens: 11, outputTokens: 1 }],
    [
      'more in parts than read',
      { inputTokens: 10, cachedInputTokens: 6, cacheWriteTokens: 5, outputTokens: 1 },
    ],
    ['more reasoned than written', { inputTokens: 10, outputTokens: 1, reasoningTokens: 2 }],
    [
      'more kept for long than written to the cache',
      { inputTokens: 10, cacheWriteTokens: 1, longCacheWriteTokens: 2, outputTokens: 1 },
    ],
    ['more audio than read', { inputTokens: 10, audioInputTokens: 11, outputTokens: 1 }],
    [
      'more audio and images than written',
      { inputTokens: 1, outputTokens: 9, audioOutputTokens: 5, imageOutputTokens: 5 },
    ],
    ['a negative count', { inputTokens: -1, outputTokens: 1 }],
    ['a count that is none', { inputTokens: Number.NaN, outputTokens: 1 }],
    ['an endless count', { inputTokens: 1, outputTokens: Number.POSITIVE_INFINITY }],
  ])('gives usage that cannot be no price: %s', (_, impossible) => {
    const { priceOf } = genaiPrices({
      overrides: { mine: { inputPerMillionUsd: 1, outputPerMillionUsd: 1 } },
    });
    expect(priceOf(named('openai/gpt-4o'), impossible)).toBeUndefined();
    expect(priceOf({ id: 'mine' }, impossible)).toBeUndefined();
  });

  it('prices what is kept in the cache for an hour, audio and images at their own rates', () => {
    const { priceOf } = genaiPrices({ at });
    const written = { inputTokens: 1e6, cacheWriteTokens: 1e6, outputTokens: 0 };
    const opus = named('anthropic/claude-opus-5-5');
    expect(priceOf(opus, written)).toEqual({ usd: 5 });
    expect(priceOf(opus, { ...written, longCacheWriteTokens: 5e5 })).toEqual({ usd: 6.5 });
    const heard = { inputTokens: 1e6, audioInputTokens: 5e5, outputTokens: 0 };
    const flash = named('google/gemini-2.5-flash');
    expect(priceOf(flash, heard)).toEqual({ usd: 0.65 });
    const drawn = { inputTokens: 0, outputTokens: 1e6, imageOutputTokens: 5e5 };
    expect(priceOf(named('google/gemini-2.5-flash-image'), drawn)).toEqual({ usd: 16.25 });
    // How much of the audio was cached is unknown: at least the half that is not among the rest of the input.
    expect(priceOf(flash, { ...heard, cachedInputTokens: 75e4 })).toEqual({
      usd: expect.closeTo(0.25 * 1 + 0.25 * 0.1 + 0.5 * 0.03, 9),
      isApproximate: true,
    });
  });

  it.each([
    ['openai/gpt-4o', 'flex', 0.5, undefined],
    ['openai/gpt-6.1-sol', 'flex', 0.5, undefined],
    ['google/gemini-3.5-flash-lite', 'flex', 0.5, undefined],
    ['google/gemini-3.5-flash-lite', 'batch', 0.5, undefined],
    ['anthropic/claude-opus-5-5', 'batch', 0.5, undefined],
    ['openai/gpt-4o', 'priority', 2, true],
    ['anthropic/claude-opus-5-5', 'priority', 1, true],
    ['anthropic/claude-opus-5-5', 'flex', 1, true],
    ['openai/gpt-4o', 'tier_of_tomorrow', 1, true],
    ['openai/gpt-4o', 'constructor', 1, true],
    ['openai/gpt-4o', 'default', 1, undefined],
    ['xai/grok-4.20', 'flex', 1, true],
  ])(
    'prices a million tokens of %s that tier %s served at %f of the price',
    (name, serviceTier, ratio, isApproximate) => {
      const { priceOf } = genaiPrices({ at });
      const model = named(name);
      expect(priceOf(model, { ...usage, serviceTier })).toEqual({
        usd: (priceOf(model, usage)?.usd ?? Number.NaN) * ratio,
        ...(isApproximate && { isApproximate }),
      });
    },
  );

  it('prices nothing at 0', () => {
    const none = { inputTokens: 0, outputTokens: 0 };
    expect(genaiPrices().priceOf(named('openai/gpt-4o'), none)).toEqual({ usd: 0 });
  });

  it('gives a call its reported cost in a prediction, and one without usage an estimate', async () => {
    const text = 'four';
    const pricing = genaiPrices({ at });
    const reports = defineModel('reports', () => ({ text, usage: { inputTokens: 1000, outputTokens: 100 } }));
    const silent = defineModel('silent', () => text);
    const { outcomes } = await createEnsemble({
      models: [reports, silent].map((model) => ({ ...model, provider: 'openai', modelId: 'gpt-4o' })),
      pricing,
    }).predict('What is 2 + 2?');
    expect(outcomes).toMatchObject([
      { model: 'reports', costSource: 'reported', costUsd: 0.0035 },
      { model: 'silent', costSource: 'estimated' },
    ]);
    const tokens = [pricing.countTokens('What is 2 + 2?'), pricing.countTokens(text)] as const;
    expect(outcomes[1]?.costUsd).toBeCloseTo((tokens[0] * 2.5 + tokens[1] * 10) / 1e6, 5);
  });

  it('halves the cost of a prediction that the tier flex served, as reported', async () => {
    const million = { inputTokens: 1_000_000, outputTokens: 0 };
    const costOf = async (serviceTier?: string) => {
      const served = defineModel('a', () => ({ text: 'four', usage: { ...million, serviceTier } }));
      const models = [{ ...served, provider: 'openai', modelId: 'gpt-4o' }];
      const { outcomes } = await createEnsemble({ models, pricing: genaiPrices({ at }) }).predict('?');
      const [{ costUsd, costSource, isPriceApproximate } = {}] = outcomes;
      return { costUsd, costSource, isPriceApproximate };
    };
    const reported = { costSource: 'reported', isPriceApproximate: undefined };
    expect(await costOf()).toEqual({ costUsd: 2.5, ...reported });
    expect(await costOf('flex')).toEqual({ costUsd: 1.25, ...reported });
    expect(await costOf('priority')).toEqual({ costUsd: 5, ...reported, isPriceApproximate: true });
  });
});

describe('overrides', () => {
  const mine = { inputPerMillionUsd: 3, outputPerMillionUsd: 7 };

  it('go before the list, by provider and model, and by id', () => {
    const { priceOf } = genaiPrices({ overrides: { 'openai/gpt-4o': mine, special: mine } });
    expect(priceOf(named('openai/gpt-4o'), usage)).toEqual({ usd: 10 });
    expect(priceOf({ id: 'special', provider: 'openai', modelId: 'gpt-4o-mini' }, usage)).toEqual({
      usd: 10,
    });
    expect(priceOf(named('openai/gpt-4'), usage)).toEqual({ usd: 90 });
  });

  it('go before the catalog', () => {
    const { priceOf } = genaiPrices({ overrides: { 'openai/gpt-6.1-sol': mine } });
    expect(priceOf(named('openai/gpt-6.1-sol'), usage)).toEqual({ usd: 10 });
  });

  it('are approximate if they have no rate for the cached tokens of a call', () => {
    const { priceOf } = genaiPrices({
      overrides: { a: mine, b: { ...mine, cachedInputPerMillionUsd: 1, cacheWritePerMillionUsd: 4 } },
    });
    const cached = { inputTokens: 1e6, cachedInputTokens: 5e5, outputTokens: 0 };
    const written = { inputTokens: 1e6, cacheWriteTokens: 5e5, outputTokens: 0 };
    expect(priceOf({ id: 'a' }, cached)).toEqual({ usd: 3, isApproximate: true });
    expect(priceOf({ id: 'a' }, written)).toEqual({ usd: 3, isApproximate: true });
    expect(priceOf({ id: 'b' }, cached)).toEqual({ usd: 2 });
    expect(priceOf({ id: 'b' }, written)).toEqual({ usd: 3.5 });
  });

  it('have the usual ratio for a tier, or rates of their own', () => {
    const { priceOf } = genaiPrices({
      overrides: {
        'openai/gpt-4o': mine,
        a: { ...mine, tiers: { turbo: { inputPerMillionUsd: 30, outputPerMillionUsd: 70 } } },
      },
    });
    expect(priceOf(named('openai/gpt-4o'), { ...usage, serviceTier: 'flex' })).toEqual({ usd: 5 });
    expect(priceOf({ id: 'a' }, { ...usage, serviceTier: 'turbo' })).toEqual({ usd: 100 });
    expect(priceOf({ id: 'a' }, { ...usage, serviceTier: 'flex' })).toEqual({ usd: 10, isApproximate: true });
    expect(priceOf({ id: 'a' }, usage)).toEqual({ usd: 10 });
  });

  it('are approximate for audio, images and longer caches, for which they have no rate', () => {
    const { priceOf } = genaiPrices({ overrides: { a: mine } });
    for (const part of ['audioInputTokens', 'audioOutputTokens', 'imageOutputTokens'])
      expect(priceOf({ id: 'a' }, { ...usage, [part]: 1 })).toEqual({ usd: 10, isApproximate: true });
  });

  it('hold from their day on', () => {
    const overrides = {
      a: [
        { ...mine, from: '2026-01-01' },
        { ...mine, inputPerMillionUsd: 4, from: '2026-12-01' },
      ],
    };
    const usd = (day: string) =>
      genaiPrices({ overrides, at: new Date(day) }).priceOf(
        { id: 'a' },
        { inputTokens: 1e6, outputTokens: 0 },
      )?.usd;
    expect(['2025-12-31', '2026-01-01', '2026-11-30', '2026-12-01'].map(usd)).toEqual([undefined, 3, 3, 4]);
  });

  it('are checked, all of them at once', () => {
    const overrides = {
      a: { inputPerMillionUsd: -1, outputPerMillionUsd: Number.NaN },
      b: { inputPerMillionUsd: 1 },
      c: [{ ...mine, from: 'tomorrow', per: 1 }],
      d: { ...mine, longInput: { aboveTokens: -1, inputPerMillionUsd: 1 } },
      e: 5,
      f: { ...mine, tiers: { flex: { inputPerMillionUsd: -1, outputPerMillionUsd: 1 } } },
    };
    // @ts-expect-error: what JavaScript can pass
    expect(() => genaiPrices({ overrides, at: new Date('never') })).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        faults: [
          expect.stringContaining('option "at" must be a valid Date'),
          expect.stringContaining(
            'overrides["a"]: option "inputPerMillionUsd" must be a number of USD, at least 0',
          ),
          expect.stringContaining('overrides["a"]: option "outputPerMillionUsd" must be'),
          expect.stringContaining('overrides["b"]: option "outputPerMillionUsd" is missing'),
          expect.stringContaining('overrides["c"]: option "from" must be a day such as 2026-12-01'),
          expect.stringContaining('overrides["c"]: there is no option "per"'),
          expect.stringContaining('overrides["d"].longInput: option "outputPerMillionUsd" is missing'),
          expect.stringContaining('overrides["d"].longInput: option "aboveTokens" must be'),
          expect.stringContaining('overrides["e"]: expected an options object, but got 5'),
          expect.stringContaining('overrides["f"].tiers["flex"]: option "inputPerMillionUsd" must be'),
        ],
      }),
    );
  });
});

describe('countTokens', () => {
  const { countTokens } = genaiPrices();

  it('is near what tokenizers count', () => {
    expect(countTokens('')).toBe(0);
    // cl100k_base: 10 tokens.
    expect(countTokens('The quick brown fox jumps over the lazy dog.')).toBeGreaterThan(7);
    expect(countTokens('The quick brown fox jumps over the lazy dog.')).toBeLessThan(14);
  });

  it('counts the beginning of a long text and extrapolates, so that no answer blocks the others', () => {
    const sentence = 'The quick brown fox jumps over the lazy dog. ';
    const long = sentence.repeat(200_000);
    expect(countTokens(long) / (200_000 * countTokens(sentence))).toBeCloseTo(1, 1);
    // Text of another density behind the beginning is not read, so it changes nothing.
    const beginning = long.slice(0, 65_536);
    expect(countTokens(beginning + '日'.repeat(65_536))).toBe(2 * countTokens(beginning));
  });
});
