import { firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  exact,
  fineTuningExample,
  labelledBallots,
  memoryJournal,
  type Question,
  recordedModel,
  runExperiment,
  scorecard,
} from '../../src/experiment/experiment.ts';
import {
  answerKey,
  createEnsemble,
  defineModel,
  type ModelResponse,
  type RecordedResponse,
  replay,
  toolCalls,
} from '../../src/index.ts';
import { cache } from '../../src/policies/policies.ts';

const query = {
  messages: [{ role: 'user' as const, content: 'Water the beds' }],
  tools: {
    'plant.water': {
      inputSchema: {
        type: 'object',
        properties: { zone: { type: 'string' }, litres: { type: 'number' }, depth: { type: 'array' } },
        required: ['zone'],
      },
    },
  },
};
const watering = (zone: string, more: object = {}) => [
  { toolName: 'plant_water', input: { zone, ...more }, toolCallId: 'call-1' },
];
const recorded = (model: string, zone: string): RecordedResponse => ({
  model,
  text: '',
  toolCalls: watering(zone),
});

describe('recorded calls of tools', () => {
  const responses = [recorded('a', 'East'), recorded('b', 'east'), recorded('c', 'west')];

  it('are replayed', async () => {
    const models = replay([{ question: 'Water the beds', responses }]);
    const { answer, metadata } = await createEnsemble({ models }).predict(query);
    expect(answer).toStrictEqual([{ toolName: 'plant.water', input: { zone: 'East' } }]);
    expect(metadata.consensus).toBeCloseTo(2 / 3);
  });

  it('answer the questions of a dataset', async () => {
    const dataset: Question[] = [{ id: '1', question: query, expected: watering('EAST'), responses }];
    const models = responses.map(({ model }) => recordedModel(model));
    const [trial] = await Array.fromAsync(runExperiment({ dataset, conditions: { panel: { models } } }));
    expect(trial).toMatchObject({
      score: 1,
      result: { answer: [{ toolName: 'plant.water', input: { zone: 'East' } }] },
    });
    const [ballot] = await Array.fromAsync(labelledBallots(dataset));
    expect(
      [...(ballot?.votes.values() ?? [])].map(({ key }) => ballot?.rightKeys.has(key ?? '')),
    ).toStrictEqual([true, true, false]);
  });

  it('must be a list', async () => {
    const wrong = { model: 'a', text: '', toolCalls: {} } as unknown as RecordedResponse;
    await expect(
      Array.fromAsync(
        runExperiment({
          dataset: [{ id: '1', question: query, responses: [wrong] }],
          conditions: { a: { models: [recordedModel('a')] } },
        }),
      ),
    ).rejects.toThrow('responses[0].toolCalls must be an array of { toolName, input }');
  });
});

describe('a journal', () => {
  it('records calls of tools with all that is nested, and answers with them', async () => {
    const journal = memoryJournal();
    let made = 0;
    const model = defineModel('a', (): ModelResponse => {
      made += 1;
      return {
        text: '',
        toolCalls: watering('east', { litres: -0, depth: [[-0], { __proto__: null, a: [] }] }),
      };
    });
    const run = (onMiss: 'call' | 'error') =>
      Array.fromAsync(
        runExperiment({
          dataset: [{ id: '1', question: query }],
          conditions: { a: { models: [model] } },
          scorer: 'none',
          journal,
          onMiss,
        }),
      );
    const [[first], [second]] = [await run('call'), await run('error')];
    expect(made).toBe(1);
    const answer = [{ toolName: 'plant.water', input: { zone: 'east', litres: 0, depth: [[0], { a: [] }] } }];
    expect(first?.result).toMatchObject({ answer, toolCalls: answer });
    expect(second?.result).toMatchObject({ answer, toolCalls: answer });
  });

  it('tells a query with tools from one without', async () => {
    const journal = memoryJournal();
    const model = defineModel('a', (_, { request }) =>
      request.tools === undefined ? 'plain' : { text: '', toolCalls: watering('east') },
    );
    const { tools: _, ...plain } = query;
    const trials = await Array.fromAsync(
      runExperiment({
        dataset: [
          { id: '1', question: query },
          { id: '2', question: plain },
        ],
        conditions: { a: { models: [model] } },
        scorer: 'none',
        journal,
      }),
    );
    expect(trials.map(({ result }) => 'answer' in result && answerKey(result.answer))).toStrictEqual([
      'plant.water({"zone":"east"})',
      'plain',
    ]);
  });
});

it('a cache keeps calls of tools', async () => {
  let made = 0;
  const model = cache()(
    defineModel('a', (): ModelResponse => {
      made += 1;
      return { text: '', toolCalls: watering('east', { depth: [1, [2]] }) };
    }),
  );
  const ensemble = createEnsemble({ models: [model] });
  const first = await ensemble.predict(query);
  const second = await ensemble.predict(query);
  expect(made).toBe(1);
  expect(second.toolCalls).toStrictEqual(first.toolCalls);
  expect(second.toolCalls).toStrictEqual([
    { toolName: 'plant.water', input: { zone: 'east', depth: [1, [2]] } },
  ]);
});

describe('expected calls of tools', () => {
  const model = (id: string, calls: ModelResponse['toolCalls'], text = '') =>
    defineModel(id, () => ({ text, toolCalls: calls }));
  const scoreOf = async (
    expected: unknown,
    models: ReturnType<typeof model>[],
    normalization = toolCalls(),
  ) => {
    const [trial] = await Array.fromAsync(
      runExperiment({
        dataset: [{ id: '1', question: query, expected }],
        conditions: { a: { models, normalization } },
        scorer: exact(),
      }),
    );
    return trial?.score;
  };

  it('are right in every spelling of the same call', async () => {
    const made = [model('a', watering('East', { litres: '2.0' }))];
    const expected = (zone: string) => [{ toolName: 'plant.water', input: { litres: 2, zone } }];
    expect(await scoreOf(expected('east'), made)).toBe(1);
    expect(await scoreOf(expected('west'), made)).toBe(0);
    expect(await scoreOf(expected('East'), made, toolCalls({ fold: false }))).toBe(1);
    expect(await scoreOf(expected('east'), made, toolCalls({ fold: false }))).toBe(0);
  });

  it('may be no call', async () => {
    expect(await scoreOf([], [model('a', [], 'Not today.')])).toBe(1);
    expect(await scoreOf([], [model('a', watering('east'))])).toBe(0);
  });

  it('count for each model of the panel', async () => {
    const trials = await Array.fromAsync(
      runExperiment({
        dataset: [
          { id: '1', question: query, expected: [{ toolName: 'plant.water', input: { zone: 'north' } }] },
        ],
        conditions: {
          panel: {
            models: [
              model('a', watering('East')),
              model('b', watering('east')),
              model('c', watering('NORTH')),
            ],
          },
        },
      }),
    );
    const { conditions } = await scorecard(trials);
    const rights = conditions[0]?.models.map(({ model: id, right }) => [id, right]);
    expect(rights).toStrictEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
    ]);
  });

  it('must fit the tools of their question', async () => {
    await expect(scoreOf([{ toolName: 'plant', input: {} }], [model('a', [])])).rejects.toThrow(
      'question "1": "expected" has a call that no answer can make: the model called a tool that the query does not have',
    );
  });
});

it('a model that is handed calls of tools trains on none of them', async () => {
  const ensemble = createEnsemble({
    models: [defineModel('a', () => ({ text: 'Yes.', toolCalls: watering('east') }))],
  });
  const prediction = await ensemble.predict(query);
  expect(fineTuningExample(prediction, { format: 'openai' })).toBeUndefined();
  const response = await firstValueFrom(ensemble.asModel().call({ ...query, prompt: '?' }));
  expect(response).toMatchObject({ text: 'Yes.' });
});
