import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { genaiPrices } from '../../src/catalog/genai-prices.ts';
import { lifecycleWarning } from '../../src/catalog/lifecycle-warning.ts';
import { catalog, shortNames } from '../../src/catalog/models.ts';
import { findModel } from '../../src/catalog/parse-name.ts';
import { providers, requirementsOf } from '../../src/catalog/providers.ts';
import { resolveModel } from '../../src/catalog/resolve-model.ts';

const nameOf = ({ provider, modelId }: { provider: string; modelId: string }): string =>
  `${provider}/${modelId}`;

describe('the catalog', () => {
  it('has each model once, of a provider that there is', () => {
    const names = catalog.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    expect(catalog.filter(({ provider }) => !providers.includes(provider))).toEqual([]);
  });

  it('names a replacement that stays for every model that goes', () => {
    const leaving = catalog.filter(({ shutdownDate }) => shutdownDate !== undefined);
    expect(leaving).not.toEqual([]);
    for (const { shutdownDate = '', replacement = '' } of leaving) {
      expect(new Date(shutdownDate).toISOString()).toBe(`${shutdownDate}T00:00:00.000Z`);
      expect(findModel(replacement), replacement).toBeDefined();
      expect(findModel(replacement)?.shutdownDate).toBeUndefined();
    }
  });

  it('has an exact price for each model', () => {
    const { priceOf } = genaiPrices();
    for (const model of catalog) {
      const price = priceOf({ id: 'any', ...model }, { inputTokens: 1000, outputTokens: 1000 });
      expect(price, nameOf(model)).toEqual({ usd: expect.any(Number) });
    }
  });

  it('overrides only prices that the price list lacks, or has of another model', () => {
    const overridden = catalog.filter(({ prices }) => prices !== undefined);
    expect(overridden).not.toEqual([]);
    for (const { provider, modelId } of overridden) {
      const listed = calcPrice({ input_tokens: 1 }, modelId, { providerId: provider });
      expect(listed?.model.id, modelId).not.toBe(modelId);
    }
  });

  it('has prices by date in the order of their dates', () => {
    for (const { prices = [] } of catalog) {
      const days = prices.map(({ from = '' }) => from);
      expect(days).toEqual(days.toSorted());
    }
  });

  it('has eight short names, for models that stay', () => {
    expect(Object.keys(shortNames)).toEqual([
      'gemini_flash',
      'gemini_pro',
      'openai_gpt4o_mini',
      'openai_gpt4o',
      'openai_gpt4',
      'anthropic_haiku',
      'anthropic_sonnet',
      'anthropic_opus',
    ]);
    for (const name of Object.keys(shortNames)) {
      expect(findModel(name), name).toBeDefined();
      expect(findModel(name)?.shutdownDate, name).toBeUndefined();
    }
  });
});

describe('the documentation', () => {
  it('says what the short names stand for', () => {
    const page = readFileSync(new URL('../../docs/auto.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| `([^`/]+\/[^`]+)` \|$/gm)].map(([, name, full]) => [
      name,
      full,
    ]);
    expect(Object.fromEntries(rows)).toEqual(shortNames);
  });

  it('names every provider', () => {
    const page = readFileSync(new URL('../../docs/auto.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/`(\w+)\/…`/g)].map(([, provider]) => provider);
    expect(named.toSorted()).toEqual(providers.toSorted());
  });
});

describe('resolveModel', () => {
  it.each([
    ['openai/gpt-6-luna', 'openai', 'gpt-6-luna'],
    ['anthropic/claude-haiku-4-5', 'anthropic', 'claude-haiku-4-5'],
    ['google/gemini-3.5-flash-lite', 'google', 'gemini-3.5-flash-lite'],
    ['ollama/llama3.2', 'ollama', 'llama3.2'],
    [
      'openrouter/meta-llama/llama-3.3-70b-instruct:free',
      'openrouter',
      'meta-llama/llama-3.3-70b-instruct:free',
    ],
    ['openai/a-model-of-tomorrow', 'openai', 'a-model-of-tomorrow'],
    ['gemini_pro', 'google', 'gemini-4-argon'],
    ['anthropic_sonnet', 'anthropic', 'claude-sonnet-5-5'],
  ])('reads %s', (name, provider, modelId) => {
    expect(resolveModel(name)).toEqual({ id: name, provider, modelId });
  });

  it.each([
    ['gemini_flsh', 'there is no model "gemini_flsh"; did you mean "gemini_flash"?'],
    ['gpt-6-luna', 'there is no model "gpt-6-luna"; did you mean "openai/gpt-6-luna"?'],
    ['claude-opus-5', 'there is no model "claude-opus-5"; did you mean "anthropic/claude-opus-5-5"?'],
    ['antropic/claude-opus-5-5', 'there is no provider "antropic"; did you mean "anthropic"?'],
    ['zzz/model', `there is no provider "zzz"; the providers are ${providers.join(', ')}`],
    ['', 'there is no model ""; write it as provider/model, such as openai/gpt-6-luna'],
    ['openai/', 'there is no model "openai/"; write it as provider/model, such as openai/gpt-6-luna'],
    ['/gpt', 'there is no model "/gpt"; write it as provider/model, such as openai/gpt-6-luna'],
    ['__proto__', 'there is no model "__proto__"; write it as provider/model, such as openai/gpt-6-luna'],
    ['constructor/x', `there is no provider "constructor"; the providers are ${providers.join(', ')}`],
  ])('refuses %j and says what is near', (name, fault) => {
    expect(() => resolveModel(name)).toThrow(
      expect.objectContaining({ name: 'ConfigError', message: `resolveModel: ${fault}` }),
    );
  });
});

it('resolveModel rejects a name that is not a string', () => {
  // @ts-expect-error: what JavaScript can pass
  expect(() => resolveModel(7)).toThrow('resolveModel: option "name" must be a string, but got 7');
});

describe('lifecycleWarning', () => {
  const on = (day: string, name = 'openai/gpt-5'): string | undefined =>
    lifecycleWarning(name, new Date(day));

  it('says nothing as long as more than 90 days are left', () => {
    expect(on('2026-09-11')).toBeUndefined();
  });

  it('warns from 90 days before the end, with the replacement', () => {
    expect(on('2026-09-12')).toBe(
      'openai/gpt-5 shuts down on 2026-12-11, in 90 days: use openai/gpt-6.1-sol',
    );
    expect(on('2026-12-10T23:00:00Z')).toBe(
      'openai/gpt-5 shuts down on 2026-12-11, in 1 day: use openai/gpt-6.1-sol',
    );
  });

  it('says from that day on that the model is gone', () => {
    const gone = 'openai/gpt-5 was shut down on 2026-12-11: use openai/gpt-6.1-sol';
    expect(on('2026-12-11')).toBe(gone);
    expect(on('2030-01-01')).toBe(gone);
  });

  it('says nothing of models without an end, and of models that it does not know', () => {
    expect(on('2030-01-01', 'openai/gpt-6-luna')).toBeUndefined();
    expect(on('2030-01-01', 'gemini_flash')).toBeUndefined();
    expect(on('2030-01-01', 'ollama/llama3.2')).toBeUndefined();
    expect(on('2030-01-01', 'nothing of the kind')).toBeUndefined();
  });
});

describe('the requirements of a provider', () => {
  it('name the environment variable of the key', () => {
    expect(requirementsOf('google')).toEqual({
      keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
      needsBaseURL: false,
    });
    expect(requirementsOf('groq')).toEqual({ keyVariables: ['GROQ_API_KEY'], needsBaseURL: false });
  });

  it('are none for a server of one’s own, and an address for Azure', () => {
    expect(requirementsOf('ollama')).toEqual({ keyVariables: [], needsBaseURL: false });
    expect(requirementsOf('azure').needsBaseURL).toBe(true);
  });
});
