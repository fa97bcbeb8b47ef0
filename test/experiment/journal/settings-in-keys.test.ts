import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callKey,
  type Journal,
  journaled,
  memoryJournal,
  recordedModel,
  rescore,
  runExperiment,
} from '../../../src/experiment/experiment.ts';
import { sha256 } from '../../../src/experiment/journal/journal-digest.ts';
import { ConfigError, createEnsemble, defineModel, type Model, simulated } from '../../../src/index.ts';
import { requestText } from '../../../src/policies/request-key.ts';
import { anthropic } from '../../../src/providers/anthropic.ts';
import { gemini } from '../../../src/providers/gemini.ts';
import { googleGenAI } from '../../../src/providers/google-genai.ts';
import { openai } from '../../../src/providers/openai.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';

const question = 'What is 2 + 2?';
const request = { prompt: question, messages: [{ role: 'user' as const, content: question }] };
const dataset = [{ id: '1', question, expected: '4' }];
const keyOf = (model: Model): Promise<string> => callKey(model, request);

/** A model of one's own that counts its calls. */
const counted = (settings?: Model['settings'], more: Partial<Model> = {}) => {
  const asked: string[] = [];
  const model: Model = {
    ...defineModel('m', (text) => {
      asked.push(text);
      return '4';
    }),
    ...more,
    ...(settings !== undefined && { settings }),
  };
  return { model, asked };
};

const run = async (model: Model, journal: Journal) =>
  Array.fromAsync(
    runExperiment({ dataset, conditions: { one: { models: [model], minResponses: 1 } }, journal }),
  );

describe('the key of a call', () => {
  const apiKey = 'a key of mine';
  it.each<readonly [provider: string, create: (options: object) => Model, changes: readonly object[]]>([
    [
      'openai',
      (options) => openai('m', { apiKey, ...options }),
      [
        { temperature: 0 },
        { temperature: 1 },
        { maxOutputTokens: 9 },
        { reasoningEffort: 'low' },
        { confidence: 'logprobs' },
      ],
    ],
    [
      'openaiCompatible',
      (options) => openaiCompatible('m', { baseURL: 'http://localhost:1/v1', ...options }),
      [
        { temperature: 0 },
        { temperature: 1 },
        { parameters: { seed: 7 } },
        { parameters: { seed: 8 } },
        { answerFormat: 'none' },
        { maxOutputTokens: 9 },
      ],
    ],
    [
      'anthropic',
      (options) => anthropic('m', { apiKey, ...options }),
      [{ effort: 'low' }, { effort: 'high' }, { maxOutputTokens: 9 }],
    ],
    [
      'gemini',
      (options) => gemini('m', { apiKey, ...options }),
      [{ temperature: 0 }, { generationConfig: { topP: 0.5 } }, { maxOutputTokens: 9 }],
    ],
    [
      'googleGenAI',
      (options) => googleGenAI('m', { apiKey, ...options }),
      [{ temperature: 0 }, { generationConfig: { topP: 0.5 } }, { maxOutputTokens: 9 }],
    ],
    [
      'simulated',
      (options) => simulated({ id: 'm', ...options }),
      [{ accuracy: 0.5 }, { seed: 1 }, { latencyMs: 9 }, { answer: 'x' }],
    ],
  ])('differs with every setting of %s, and is otherwise the same', async (_, create, changes) => {
    const keys = await Promise.all([{}, ...changes].map((options) => keyOf(create(options))));
    expect(new Set(keys).size).toBe(1 + changes.length);
    expect(await Promise.all([{}, ...changes].map((options) => keyOf(create(options))))).toStrictEqual(keys);
  });

  it('does not depend on keys, hosts and limits of a connection', async () => {
    const [one, other] = [
      openai('m', { apiKey, temperature: 0.5 }),
      openai('m', {
        apiKey: 'another one',
        temperature: 0.5,
        maxResponseBytes: 9,
        baseURL: 'https://eu.api.openai.com/v1',
      }),
    ];
    expect(await keyOf(one)).toBe(await keyOf(other));
    expect(JSON.stringify(one)).not.toContain(apiKey);
  });

  it('is that of earlier releases for a model without settings', async () => {
    const model = defineModel('m', () => '4');
    expect(await keyOf(model)).toBe(await sha256(requestText(model, request)));
  });

  it('is the same for the same settings in another order, and differs for others', async () => {
    const settings = fc.dictionary(
      fc.constantFrom('temperature', 'seed', 'topP', '__proto__'),
      fc.oneof(fc.integer(), fc.string(), fc.constant({ nested: [1] })),
      { minKeys: 1 },
    );
    await fc.assert(
      fc.asyncProperty(settings, settings, async (one, other) => {
        const keys = [one, Object.fromEntries(Object.entries(one).reverse()), other].map((each) =>
          keyOf({ ...defineModel('m', () => '4'), settings: each }),
        );
        const [first, reversed, different] = await Promise.all(keys);
        expect(first).toBe(reversed);
        const sorted = (each: object) => JSON.stringify(Object.entries(each).sort());
        expect(first === different).toBe(sorted(one) === sorted(other));
      }),
      { seed: 13, numRuns: 50 },
    );
  });

  it('refuses settings that are not data', async () => {
    const settings = { now: Number.NaN };
    expect(() => callKey({ id: 'm', settings }, request)).toThrow(
      '"settings" of model "m" must be plain data, such as { temperature: 0.2 }',
    );
    await expect(run(counted(settings).model, memoryJournal())).rejects.toThrow(ConfigError);
    for (const wrong of [0.2, 'hot', null, settings, { now: new Map() }]) {
      expect(() => createEnsemble({ models: [counted(wrong as never).model] })).toThrow(
        'a model whose "settings" are plain data',
      );
    }
  });
});

describe('a journal', () => {
  it('asks a model with another temperature again, and each only once', async () => {
    const journal = memoryJournal();
    const counts: number[] = [];
    for (const temperature of [0, 1, 0, 1]) {
      const { model, asked } = counted({ temperature });
      await run(model, journal);
      counts.push(asked.length);
    }
    expect([counts, journal.count]).toStrictEqual([[1, 1, 0, 0], 2]);
  });

  it('tells two conditions with settings of their own apart in one run', async () => {
    const [cold, warm] = [counted({ temperature: 0 }), counted({ temperature: 1 })];
    const conditions = {
      cold: { models: [cold.model], minResponses: 1 },
      warm: { models: [warm.model], minResponses: 1 },
    };
    await Array.fromAsync(runExperiment({ dataset, conditions, journal: memoryJournal() }));
    expect([cold.asked.length, warm.asked.length]).toStrictEqual([1, 1]);
  });

  it('does so as a policy too', async () => {
    const journal = memoryJournal();
    const models = [0, 1, 0].map((temperature) => counted({ temperature }));
    for (const { model } of models) {
      await createEnsemble({ models: [journaled({ journal })(model)], minResponses: 1 }).predict(question);
    }
    expect(models.map(({ asked }) => asked.length)).toStrictEqual([1, 1, 0]);
  });

  it('of an earlier release answers a model of a provider, whose settings it does not know', async () => {
    const journal = memoryJournal();
    const provider = { provider: 'openai', modelId: 'm-2026' };
    await run(counted(undefined, provider).model, journal);
    const { model, asked } = counted({ temperature: 0 }, provider);
    const [trial] = await run(model, journal);
    expect([asked.length, trial?.score, journal.count]).toStrictEqual([0, 1, 1]);
  });

  it('of an earlier release is rescored with any model', async () => {
    const journal = memoryJournal();
    await run(counted().model, journal);
    const models = [counted({ temperature: 0 }).model];
    const [trial] = await Array.fromAsync(
      rescore({ dataset, conditions: { one: { models, minResponses: 1 } }, journal }),
    );
    expect(trial?.score).toBe(1);
  });

  it('answers a recorded model with the settings of the model that it stands for', async () => {
    const journal = memoryJournal();
    const { model, asked } = counted({ temperature: 0 }, { provider: 'openai', modelId: 'm' });
    await run(model, journal);
    const [found] = await run(recordedModel(model), journal);
    const [lost] = await run(recordedModel('m'), journal);
    expect([found?.score, lost?.score, asked.length]).toStrictEqual([1, undefined, 1]);
  });
});
