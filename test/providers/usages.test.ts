import fc from 'fast-check';
import { lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { genaiPrices } from '../../src/catalog/genai-prices.ts';
import { providerWarnings } from '../../src/domain/provider-report.ts';
import type { ModelResponse } from '../../src/index.ts';
import { joinUsage } from '../../src/providers/anthropic/convert-usage.ts';
import { joinPieces, readPiece } from '../../src/providers/google/read-piece.ts';
import { joinUsages } from '../../src/providers/join-usage.ts';
import { reportedCost } from '../../src/providers/openai-compatible/reported-cost.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { toUsage } from '../../src/providers/openai-protocol/usage.ts';

const GOOD = {
  prompt_tokens: 100,
  completion_tokens: 50,
  total_tokens: 150,
  prompt_tokens_details: { cached_tokens: 40 },
};

/** Usages that say less than a good one. */
const WORSE = [
  undefined,
  null,
  {},
  'n/a',
  7,
  true,
  { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_tokens_details: { cached_tokens: 0 } },
  { prompt_tokens: null, completion_tokens: -1, total_tokens: 'x', prompt_tokens_details: null },
  { prompt_tokens: 100, completion_tokens: 1, total_tokens: 101, prompt_tokens_details: {} },
];

describe('usages of one answer that are joined', () => {
  it.each(WORSE.map((worse) => [worse]))('keep a good one beside %j, before or after it', (worse) => {
    const isOdd = typeof worse !== 'object' && worse !== undefined;
    for (const joined of [joinUsages(GOOD, worse), joinUsages(worse, GOOD)]) {
      expect(JSON.parse(JSON.stringify(joined))).toEqual(GOOD);
      const { usage, warnings } = toUsage(joined);
      expect(usage).toEqual({ inputTokens: 100, cachedInputTokens: 40, outputTokens: 50 });
      const isPartOdd = JSON.stringify(worse)?.includes('-1') ?? false;
      expect(warnings).toHaveLength(isOdd ? 1 : isPartOdd ? 2 : 0);
    }
  });

  it('are whole if each has a part', () => {
    const parts = Object.entries(GOOD).map(([name, value]) => ({ [name]: value }));
    for (const order of [parts, parts.toReversed()]) {
      expect(order.reduce<unknown>((joined, part) => joinUsages(joined, part), undefined)).toEqual(GOOD);
    }
  });

  it.each([-1, '7', true, 0.5, [], { a: 1 }, Number.NaN, Number.POSITIVE_INFINITY])(
    'say what could not be read: %j beside a count',
    (odd) => {
      const other = { ...GOOD, prompt_tokens: odd };
      for (const joined of [joinUsages(GOOD, other), joinUsages(other, GOOD)]) {
        expect(toUsage(joinUsages(joined, GOOD))).toEqual({
          usage: { inputTokens: 100, cachedInputTokens: 40, outputTokens: 50 },
          warnings: ['dropped "prompt_tokens" of a usage, which is not a number of tokens'],
        });
      }
    },
  );

  it('have the greatest of the counts of each field, in any order', () => {
    const usage = fc.record(
      { a: fc.nat(1000), b: fc.nat(1000), c: fc.record({ d: fc.nat(1000) }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(usage), fc.anything(), (usages, odd) => {
        const join = (list: readonly unknown[]) =>
          list.reduce((joined: unknown, one) => joinUsages(joined, one), {}) as (typeof usages)[number];
        const joined = join(usages);
        for (const [name, value] of Object.entries(joined)) {
          const counts = usages.map((one) => one[name as 'a']).filter((count) => typeof count === 'number');
          if (typeof value === 'number') expect(value).toBe(Math.max(...counts));
        }
        expect(join(usages.toReversed())).toEqual(joined);
        expect(() => joinUsages(joined, odd)).not.toThrow();
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it.each([{ input_tokens: 0, output_tokens: 0 }, { output_tokens: 0 }, {}, 'x', null, undefined])(
    'of Anthropic keep what %j would take away',
    (worse) => {
      const atStart = { input_tokens: 25, cache_read_input_tokens: 7, output_tokens: 99 };
      const joined = { input_tokens: 25, cache_read_input_tokens: 7, output_tokens: 15 };
      expect(joinUsage(atStart, { output_tokens: 15 }, worse)).toMatchObject(joined);
      expect(joinUsage(atStart, worse, { output_tokens: 15 })).toMatchObject(joined);
    },
  );
});

it.each(WORSE.map((worse) => [worse]))('a usage of Google is not replaced by %j', (worse) => {
  const usageMetadata = { promptTokenCount: 9, candidatesTokenCount: 5, totalTokenCount: 14 };
  const zeros = { promptTokenCount: 0, candidatesTokenCount: 0, totalTokenCount: 0 };
  const before = readPiece('m', { usageMetadata });
  for (const later of [worse, zeros]) {
    expect(joinPieces(before, readPiece('m', { usageMetadata: later })).usage).toMatchObject(usageMetadata);
  }
});

describe('the usage of a completion', () => {
  const ask = (text: string): Promise<ModelResponse> =>
    lastValueFrom(
      openaiCompatible('m', {
        preset: 'openrouter',
        apiKey: 'a key of mine',
        fetch: async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } }),
      }).call({ prompt: '?', messages: [{ role: 'user', content: '?' }], wantsDeltas: true }),
    ) as Promise<ModelResponse>;
  const streamed = (...chunks: readonly object[]): string =>
    [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\n\n`).join('');
  const written = { index: 0, delta: { content: '4' } };
  const finished = { index: 0, delta: {}, finish_reason: 'stop' };
  const counted = { inputTokens: 100, cachedInputTokens: 40, outputTokens: 50 };

  it.each(WORSE.map((worse) => [worse]))('is not replaced by %j in a later chunk', async (worse) => {
    const text = streamed(
      { choices: [written] },
      { choices: [finished], usage: GOOD },
      { choices: [], usage: worse },
    );
    expect((await ask(text)).usage).toEqual(counted);
  });

  it.each(['first', 'last'])(
    'has the tier that the %s chunk names, and costs half if it was flex',
    async (place) => {
      const tier = { service_tier: 'flex' };
      const usage = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };
      const text = streamed(
        { choices: [written], ...(place === 'first' && tier) },
        { choices: [finished], usage, ...(place === 'last' && tier) },
      );
      const flex = (await ask(text)).usage;
      expect(flex).toEqual({ inputTokens: 1_000_000, outputTokens: 0, serviceTier: 'flex' });
      const { priceOf } = genaiPrices();
      const model = { id: 'a', provider: 'openai', modelId: 'gpt-4o' };
      expect(priceOf(model, flex ?? {})).toEqual({ usd: 1.25 });
      expect(priceOf(model, { ...flex, serviceTier: undefined })).toEqual({ usd: 2.5 });
    },
  );

  it.each(['default', 'auto', '', 7, null, 'two words'])(
    'has no tier if the server names %j',
    async (service_tier) => {
      const text = streamed({ choices: [written] }, { choices: [finished], usage: GOOD, service_tier });
      expect((await ask(text)).usage).toEqual(counted);
    },
  );

  it('has the audio that the details name', async () => {
    const details = {
      prompt_tokens_details: { audio_tokens: 30 },
      completion_tokens_details: { audio_tokens: 20 },
    };
    const text = streamed({ choices: [written] }, { choices: [finished], usage: { ...GOOD, ...details } });
    expect((await ask(text)).usage).toMatchObject({ audioInputTokens: 30, audioOutputTokens: 20 });
  });

  it('is that of a cost, which a later chunk does not take away', async () => {
    const text = streamed(
      { choices: [written], usage: { ...GOOD, cost: 0.5 } },
      { choices: [finished] },
      { choices: [], usage: { cost: 0 } },
    );
    expect(await ask(text)).toMatchObject({ usage: counted, costUsd: 0.5 });
  });

  it.each([
    { choices: [{ ...finished, usage: GOOD }] },
    { choices: [finished], x_groq: { usage: GOOD } },
    { choices: [finished], x_groq: { usage: GOOD }, usage: null },
    { choices: [finished], x_groq: { usage: GOOD }, usage: {} },
  ])('is found in %j', async (chunk) => {
    expect((await ask(streamed({ choices: [written] }, chunk))).usage).toEqual(counted);
    const [choice] = chunk.choices;
    const whole = { ...chunk, choices: [{ ...choice, message: { content: '4' } }] };
    expect((await ask(JSON.stringify(whole))).usage).toEqual(counted);
  });
});

describe('what a usage has in its total alone', () => {
  const cache = { cache_read_input_tokens: 70, cache_creation_input_tokens: 20 };

  it.each([
    // Beside the input: Bedrock.
    [
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 105, ...cache },
      { inputTokens: 100, cachedInputTokens: 70, cacheWriteTokens: 20, outputTokens: 5 },
    ],
    [
      { prompt_tokens: 0, completion_tokens: 5, total_tokens: 95, ...cache },
      { inputTokens: 90, cachedInputTokens: 70, cacheWriteTokens: 20, outputTokens: 5 },
    ],
    [
      { prompt_tokens: 10, completion_tokens: 5, ...cache },
      { inputTokens: 100, cachedInputTokens: 70, cacheWriteTokens: 20, outputTokens: 5 },
    ],
    [
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 85, cache_read_input_tokens: 70 },
      { inputTokens: 80, cachedInputTokens: 70, outputTokens: 5 },
    ],
    // Within the input: LiteLLM.
    [
      { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, ...cache },
      { inputTokens: 100, cachedInputTokens: 70, cacheWriteTokens: 20, outputTokens: 5 },
    ],
    // Hidden reasoning.
    [
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 45 },
      { inputTokens: 10, outputTokens: 35 },
    ],
    [
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 45, cache_read_input_tokens: 4 },
      { inputTokens: 10, cachedInputTokens: 4, outputTokens: 35 },
    ],
  ])('of %j is %j', (reported, usage) => {
    expect(toUsage(reported)).toEqual({ usage, warnings: [] });
  });

  it('is not taken for output if the input is 0', () => {
    expect(toUsage({ prompt_tokens: 0, completion_tokens: 5, total_tokens: 1005 })).toEqual({
      usage: { outputTokens: 5 },
      warnings: ['dropped the input of the usage, which is 0 although the total is above the output'],
    });
    expect(toUsage({ prompt_tokens: 0, completion_tokens: 5, total_tokens: 5 }).warnings).toEqual([]);
  });
});

describe('the cost that OpenRouter or xAI reports', () => {
  it.each([
    [{ cost: 0.5 }, 0.5],
    [{ cost: 0 }, 0],
    [{ cost: 0.5, cost_details: { upstream_inference_cost: 0.5 } }, 0.5],
    [{ cost: 0.1, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } }, 0.6],
    [{ cost: 0, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } }, 0.5],
    [{ cost: 0, is_byok: false, cost_details: { upstream_inference_cost: 0.5 } }, 0.5],
    [{ cost: 0, cost_details: { upstream_inference_cost: 0.5 } }, 0.5],
    [{ cost: 0, cost_details: { upstream_inference_cost: 0 } }, 0],
    [{ cost_in_usd_ticks: 37_756_000 }, 0.0037756],
    [{ cost_in_usd_ticks: 0 }, 0],
    [{ cost: 0, cost_details: { upstream_inference_cost: null } }, 0],
    [{ cost: 0, is_byok: true, cost_details: { upstream_inference_cost: null } }, undefined],
    [{ cost: 0.1, is_byok: true }, undefined],
    [{ cost: '0.1' }, undefined],
    [{}, undefined],
  ])('in %j is %j', (usage, costUsd) => {
    expect(reportedCost(usage)).toEqual(costUsd === undefined ? {} : { costUsd });
  });

  it.each([
    { cost: 1.5e6 },
    { cost: 1e300 },
    { cost_in_usd_ticks: 1e17 },
    { cost: 0, cost_details: { upstream_inference_cost: 1e9 } },
    { cost: 1, is_byok: true, cost_details: { upstream_inference_cost: 1e9 } },
  ])('is dropped with a warning if nobody could pay it: %j', async (cost) => {
    const reply = {
      choices: [{ message: { content: '4' }, finish_reason: 'stop' }],
      usage: { ...GOOD, ...cost },
    };
    const model = openaiCompatible('m', {
      preset: 'openrouter',
      apiKey: 'a key of mine',
      fetch: async () => Response.json(reply),
    });
    const asked = { prompt: '?', messages: [{ role: 'user', content: '?' }] } as const;
    const response = (await lastValueFrom(model.call(asked))) as ModelResponse;
    expect(response.costUsd).toBeUndefined();
    expect(providerWarnings(response)).toEqual([
      'dropped the cost of the usage, which is above a million USD',
    ]);
  });
});
