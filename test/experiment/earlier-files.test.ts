import { copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  callKey,
  fingerprintOf,
  fromPanel,
  type Question,
  recordedModel,
  rescore,
  runExperiment,
} from '../../src/experiment/experiment.ts';
import {
  ConfigError,
  cascade,
  createEnsemble,
  defineModel,
  hedged,
  type Model,
  parallel,
} from '../../src/index.ts';
import { openJournal } from '../../src/node/node.ts';
import { circuitBreaker, fallback, retry, retryBudget } from '../../src/policies/policies.ts';

/** A file that release 0.1.0 wrote. */
const earlierFile = (name: string): string => join(import.meta.dirname, 'earlier-files', name);

/** The dataset and the models that `calls.jsonl` was recorded with. */
const dataset: readonly Question[] = [
  { id: '1', question: 'What is 1 + 2?', expected: '3' },
  {
    id: '2',
    question: {
      system: 'Reply with a number.',
      messages: [
        { role: 'user', content: 'What is 2 + 3?' },
        { role: 'assistant', content: 'Is this decimal?' },
        { role: 'user', content: 'Yes: 2 + 3.' },
      ],
    },
    expected: '5',
  },
  { id: '3', question: 'What is 3 + 4?', expected: '7' },
];

const modelsOf = (answer: (model: string) => string): readonly Model[] => [
  { ...defineModel('openai/small', () => answer('small')), provider: 'openai', modelId: 'small-2026' },
  { ...defineModel('openai/large', () => answer('large')), provider: 'openai', modelId: 'large-2026' },
  defineModel('own', () => answer('own')),
];

const conditionsOf = (models: readonly Model[]) => ({
  three: { models, normalization: 'numeric' as const },
  twice: { models: models.slice(1, 2), samples: 2, normalization: 'numeric' as const, minResponses: 1 },
});

const openCopy = async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'earlier-')), 'calls.jsonl');
  copyFileSync(earlierFile('calls.jsonl'), path);
  return openJournal(path, { fingerprint: await fingerprintOf({ dataset }) });
};

describe('a journal of release 0.1.0', () => {
  it('answers an experiment, with the calls of models that have a model id among them', async () => {
    const journal = await openCopy();
    const models = modelsOf(() => expect.unreachable('a recorded call was made again'));
    const trials = await Array.fromAsync(rescore({ dataset, conditions: conditionsOf(models), journal }));
    await journal.close();
    expect(
      trials.map(({ condition, question, result, score }) => [
        `${condition} ${question.id}`,
        score,
        result.outcomes.map(({ status }) => status).join(),
      ]),
    ).toStrictEqual([
      ['three 1', 1, 'answered,answered,answered'],
      ['twice 1', 1, 'answered,answered'],
      ['three 2', 1, 'answered,answered,answered'],
      ['twice 2', 1, 'answered,answered'],
      ['three 3', 1, 'failed,answered,answered'],
      ['twice 3', 1, 'answered,answered'],
    ]);
  });

  it('is continued: only the call that failed is made again', async () => {
    const journal = await openCopy();
    const asked: string[] = [];
    const models = modelsOf((model) => {
      asked.push(model);
      return '7';
    });
    await Array.fromAsync(runExperiment({ dataset, conditions: conditionsOf(models), journal }));
    await journal.close();
    expect(asked).toStrictEqual(['small']);
  });

  it('has the key that is computed today', async () => {
    const [, line = ''] = readFileSync(earlierFile('calls.jsonl'), 'utf8').split('\n');
    const prompt = 'What is 1 + 2?';
    const identity = { id: 'openai/small', provider: 'openai', modelId: 'small-2026' };
    const key = await callKey(identity, { prompt, messages: [{ role: 'user', content: prompt }] });
    expect(JSON.parse(line).key).toBe(key);
  });
});

describe('a panel of release 0.1.0', () => {
  it('runs', async () => {
    const panel: unknown = JSON.parse(readFileSync(earlierFile('panel.json'), 'utf8'));
    const options = fromPanel(panel, { models: (id) => defineModel(id, () => (id === 'own' ? '4' : '5')) });
    const ensemble = createEnsemble({ ...options, normalization: 'numeric' });
    const { answer, outcomes } = await ensemble.predict('What is 2 + 3?');
    expect(outcomes.map(({ model }) => model)).toStrictEqual(['openai/large', 'own', 'openai/small']);
    expect(answer).toBe(5);
  });
});

describe('an experiment of release 0.1.0', () => {
  const model = recordedModel('a');
  const attempt = (options: object) => () =>
    runExperiment({ dataset, conditions: { one: { models: [model], ...options } } });

  it.each([
    ['countUnfinished', 'acceptUnfinished', attempt({ countUnfinished: true })],
    ['modelName', 'modelId', attempt({ models: [{ ...model, modelName: 'large-2026' }] })],
    ['minModels', 'minResponses', () => cascade({ minModels: 2 } as never)],
    ['maxExtraCalls', 'maxExtraRatio', () => hedged({ maxExtraCalls: 0.05 } as never)],
    ['attempts', 'maxAttempts', () => retry({ attempts: 3 } as never)],
    ['isFailure', 'shouldHandle', () => circuitBreaker({ isFailure: () => true } as never)],
    ['failureShare', 'failureRatio', () => circuitBreaker({ failureShare: 0.5 } as never)],
    ['minCalls', 'minimumCalls', () => circuitBreaker({ minCalls: 5 } as never)],
    ['openMs', 'breakMs', () => circuitBreaker({ openMs: 1000 } as never)],
    [
      'when',
      'shouldHandle',
      () => fallback('either', [model, recordedModel('b')], { when: () => true } as never),
    ],
    ['share', 'ratio', () => retryBudget({ share: 0.1 } as never)],
  ])('is refused with the new name for its option %s: %s', (before, now, run) => {
    expect(run).toThrow(ConfigError);
    expect(run).toThrow(`"${before}"; did you mean "${now}"?`);
  });

  it('is refused with the new name for the stop rule of its own execution', () => {
    const execution = { name: 'own', schedule: parallel().schedule, stopWhen: () => false };
    expect(attempt({ execution })).toThrow('or { schedule, earlyStop }, such as parallel()');
  });
});
