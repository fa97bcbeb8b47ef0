import { expect, it } from 'vitest';
import {
  type ConditionOptions,
  callKey,
  memoryJournal,
  type Question,
  recordedModel,
  runExperiment,
} from '../../src/experiment/experiment.ts';
import { panelCalls } from '../../src/experiment/rescoring/panel-calls.ts';
import { choice, defineModel, simulated } from '../../src/index.ts';
import { jsonSchema } from '../../src/normalizers/json-schema.ts';

const models = [simulated({ id: 'a', accuracy: 1 }), defineModel('b', () => '{"n":1}')];
const rows: readonly Question[] = [
  { id: '1', question: 'What is 1 + 1?', expected: 2 },
  {
    id: '2',
    question: {
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi' },
        { role: 'system', content: 'Calculate.' },
        { role: 'user', content: 'What is 2 + 1?' },
      ],
    },
  },
];

const conditions: Readonly<Record<string, ConditionOptions>> = {
  plain: { models },
  instructed: { models, system: 'Think.' },
  sampled: { models, samples: 3 },
  'with settings': { models, settings: { temperature: 1, maxOutputTokens: 20 } },
  asked: { models, prompt: 'Q: {{question}}' },
  'with a schema': {
    models,
    normalization: jsonSchema({ type: 'object', properties: { n: { type: 'number' } } }),
  },
  'with choices': { models, normalization: choice(['A', 'B']) },
  'chosen by the question': { models: (query) => (typeof query === 'string' ? models.slice(1) : models) },
};

it.each(Object.entries(conditions))('are the calls that a run records: %s', async (name, condition) => {
  const journal = memoryJournal();
  const callsOf = panelCalls(condition);
  for await (const _ of runExperiment({
    dataset: rows,
    conditions: { [name]: condition },
    journal,
    scorer: 'none',
  }));
  const expected = rows.flatMap((row) => callsOf(row).map(({ model, request }) => callKey(model, request)));
  const recorded: string[] = [];
  for await (const { key } of journal.entries()) recorded.push(key);
  expect(recorded.length).toBeGreaterThan(0);
  expect((await Promise.all(expected)).sort()).toEqual(recorded.sort());
});

it('are not those that the dataset answers', () => {
  const question = { ...(rows[0] as Question), responses: [{ model: 'a', text: '2' }] };
  const ids = (condition: ConditionOptions) => panelCalls(condition)(question).map(({ model }) => model.id);
  expect(ids({ models: [recordedModel('a'), ...models.slice(1)], samples: 2 })).toEqual(['a', 'b', 'b']);
  expect(ids({ models, prompt: '{{question}}!' })).toEqual(['a', 'b']);
});
