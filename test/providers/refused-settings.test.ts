import { describe, expect, it } from 'vitest';
import { catalog } from '../../src/catalog/models.ts';
import { refusedSettings } from '../../src/providers/refused-settings.ts';

const SAMPLING = ['temperature', 'topP', 'topK'];
const GOOGLE = [...SAMPLING, 'presencePenalty', 'frequencyPenalty'];
const OPENAI = [...GOOGLE, 'stopSequences'];

describe('the settings that models are known to refuse', () => {
  it.each<[string, string[]]>([
    ['o1', OPENAI],
    ['o3-mini', OPENAI],
    ['gpt-5', OPENAI],
    ['gpt-5.6-luna', OPENAI],
    ['gpt-10-x', OPENAI],
    ['openai/gpt-6.1-sol', OPENAI],
    ['ft:gpt-5-mini:acme', OPENAI],
    ['gpt-5-chat-latest', []],
    ['gpt-4o-mini', ['reasoningEffort']],
    ['ft:gpt-4o:acme', ['reasoningEffort']],
    ['gpt-oss-120b', []],
    ['grok-4.20-reasoning', ['presencePenalty', 'frequencyPenalty', 'stopSequences']],
    ['grok-4.20-non-reasoning', []],
    ['grok-3', []],
    ['anthropic/claude-opus-4-7', SAMPLING],
    ['claude-sonnet-5', SAMPLING],
    ['claude-haiku-4-5-20251001', []],
    ['claude-3-5-sonnet-20241022', []],
    ['gemini-3.6-flash', GOOGLE],
    ['gemini-2.5-flash', []],
    ['google/gemini-4-argon', GOOGLE],
    ['llama3.2', []],
    ['qwen3-o1', []],
  ])('of %s', (modelId, refused) => {
    expect([...refusedSettings(modelId)].toSorted()).toEqual(refused.toSorted());
  });

  it('are taken by models of OpenAI that do not reason', () => {
    expect(refusedSettings('gpt-6-luna', 'none').size).toBe(0);
    expect(refusedSettings('gpt-6-luna', 'low').has('temperature')).toBe(true);
    expect(refusedSettings('o3', 'none').has('temperature')).toBe(true);
  });

  it.each(catalog.map(({ provider, modelId, capabilities }) => [provider, modelId, capabilities] as const))(
    'are those that the catalog says: %s %s',
    (provider, modelId, { samplingParameters }) => {
      // Anthropic's API takes none of any model.
      const isRefused = provider === 'anthropic' || refusedSettings(modelId).has('temperature');
      expect(isRefused).toBe(!samplingParameters);
    },
  );
});
