import { describe, expect, it } from 'vitest';
import { estimateCost, genaiPrices } from '../../src/catalog/genai-prices.ts';
import { defineModel } from '../../src/index.ts';

const tokens = { inputTokens: 1_000_000, outputTokens: 100_000 };

describe('estimateCost', () => {
  it('adds up what the calls of a panel cost', () => {
    // 0.2 + 0.075 (above 272,000 tokens), and 1 + 0.5.
    expect(estimateCost(['openai/gpt-6-luna', 'anthropic/claude-haiku-4-5'], tokens)).toEqual({
      totalUsd: expect.closeTo(1.775, 9),
      breakdown: {
        'openai/gpt-6-luna': { usd: expect.closeTo(0.275, 9) },
        'anthropic/claude-haiku-4-5': { usd: 1.5 },
      },
      unknown: [],
    });
  });

  it('takes short names, names and models together, each under its id', () => {
    const own = { ...defineModel('own', () => ''), provider: 'anthropic', modelId: 'claude-haiku-4-5' };
    const { breakdown, totalUsd } = estimateCost(['anthropic_opus', own], tokens);
    expect(breakdown).toEqual({ anthropic_opus: { usd: 6 }, own: { usd: 1.5 } });
    expect(totalUsd).toBe(7.5);
  });

  it('counts a model that is asked twice twice', () => {
    expect(estimateCost(['anthropic_opus', 'anthropic_opus'], tokens).totalUsd).toBe(12);
  });

  it('has no total if any price is unknown, and names the models', () => {
    expect(estimateCost(['anthropic_opus', 'ollama/llama3.2'], tokens)).toEqual({
      totalUsd: undefined,
      breakdown: { anthropic_opus: { usd: 6 }, 'ollama/llama3.2': {} },
      unknown: ['ollama/llama3.2'],
    });
  });

  it('says which prices are approximate', () => {
    const name = 'anthropic/claude-haiku-4-5-20251001';
    expect(estimateCost([name], tokens).breakdown).toEqual({ [name]: { usd: 1.5, isApproximate: true } });
  });

  it('uses the prices it is given', () => {
    const pricing = genaiPrices({
      overrides: { 'ollama/llama3.2': { inputPerMillionUsd: 0, outputPerMillionUsd: 0 } },
    });
    expect(estimateCost(['ollama/llama3.2'], tokens, pricing)).toMatchObject({ totalUsd: 0, unknown: [] });
  });

  it('rejects a panel that is not an array', () => {
    // @ts-expect-error: what JavaScript can pass
    expect(() => estimateCost('openai/gpt-6-luna', tokens)).toThrow(
      'estimateCost: option "models" must be an array of names and models, but got "openai/gpt-6-luna"',
    );
    // @ts-expect-error: what JavaScript can pass
    expect(() => estimateCost([7], tokens)).toThrow('must be an array of names and models');
  });

  it('rejects unknown names and invalid counts, all at once', () => {
    // @ts-expect-error: what JavaScript can pass
    expect(() => estimateCost(['gemini_flsh', 'opnai/gpt-4o'], { inputTokens: -1 })).toThrow(
      expect.objectContaining({
        name: 'ConfigError',
        faults: [
          'estimateCost: option "outputTokens" is missing; it must be a number of tokens, at least 0',
          'estimateCost: option "inputTokens" must be a number of tokens, at least 0, but got -1',
          'estimateCost: there is no model "gemini_flsh"; did you mean "gemini_flash"?',
          'estimateCost: there is no provider "opnai"; did you mean "openai"?',
        ],
      }),
    );
  });
});

describe('a name with options', () => {
  const tokens = { inputTokens: 100_000, outputTokens: 0 };

  it('costs what it states, also if the name is one of your own', () => {
    const price = { inputPerMillionUsd: 3, outputPerMillionUsd: 4 };
    const { breakdown, totalUsd } = estimateCost(
      [
        { model: 'openai_gpt4o_mini' },
        { model: 'openai_gpt4o_mini', id: 'dear', price },
        { model: 'mine', price },
      ],
      tokens,
    );
    expect(breakdown).toEqual({ openai_gpt4o_mini: { usd: 0.01 }, dear: { usd: 0.3 }, mine: { usd: 0.3 } });
    expect(totalUsd).toBeCloseTo(0.61);
  });

  it('is refused if it is unknown, or its price is half', () => {
    expect(() => estimateCost([{ model: 'gemini_flsh' }], tokens)).toThrow('did you mean "gemini_flash"?');
    const price = { inputPerMillionUsd: 3 } as never;
    expect(() => estimateCost([{ model: 'mine', price }], tokens)).toThrow(
      '"outputPerMillionUsd" is missing',
    );
  });
});
