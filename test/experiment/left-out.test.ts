import { describe, expect, it } from 'vitest';
import {
  recordedModel,
  rescore,
  runExperiment,
  scorecard,
  type Trial,
} from '../../src/experiment/experiment.ts';
import {
  AuthenticationError,
  BudgetExceededError,
  CircuitOpenError,
  ConnectionError,
  defineModel,
  type EnsembleOptions,
  InvalidRequestError,
  MalformedResponseError,
  type Model,
  ProviderError,
  QueueFullError,
  RateLimitError,
  ResponseTooLargeError,
} from '../../src/index.ts';

const dataset = [{ id: 'q', question: '1 + 1?', expected: 2 }];
const saying = (id: string, text: string): Model => defineModel(id, () => text);
const failing = (error: unknown): Model =>
  defineModel('failing', () => {
    throw error;
  });
const gone = failing(new ProviderError('failing', 'is down', { status: 503 }));
const [right, wrong, silent] = [
  saying('right', '2'),
  saying('wrong', '3'),
  saying('silent', 'I do not know.'),
];

const trialOf = async (options: EnsembleOptions): Promise<Trial> => {
  const conditions = { c: { normalization: 'numeric' as const, ...options } };
  const [trial] = await Array.fromAsync(runExperiment({ dataset, conditions }));
  return trial as Trial;
};
const scoreOf = async (options: EnsembleOptions) => (await trialOf(options)).score;

describe('a call that fails', () => {
  it.each([
    ['of the provider', new ProviderError('m', 'x', { status: 500 })],
    ['of the key', new AuthenticationError('m', 'x', { status: 401 })],
    ['of the rate', new RateLimitError('m', 'x')],
    ['of the network', new ConnectionError('m', 'x')],
    ['of the credit', new InvalidRequestError('m', 'x', { status: 402 })],
    ['of the response', new MalformedResponseError('m', 'x')],
    ['of a circuit', new CircuitOpenError('m')],
    ['of a budget', new BudgetExceededError('m', 'x')],
    ['of a queue', new QueueFullError('m', 1)],
    ['of a function', new RangeError('bug')],
  ])('because %s is no wrong answer', async (_, error) => {
    expect(await trialOf({ models: [failing(error)] })).toMatchObject({
      score: undefined,
      unscored: '1 call failed',
    });
  });

  it.each([
    ['the request is refused', new InvalidRequestError('m', 'x', { status: 400 })],
    ['the response is too long', new ResponseTooLargeError('m', 'x')],
  ])('because %s is a wrong answer', async (_, error) => {
    expect(await scoreOf({ models: [failing(error)] })).toBe(0);
  });
});

describe('a panel with a call that failed', () => {
  it('is scored if the others have a prediction', async () => {
    expect(await scoreOf({ models: [right, gone] })).toBe(1);
    expect(await scoreOf({ models: [wrong, gone] })).toBe(0);
  });

  it('is left out if the call might have made up the votes', async () => {
    expect(await scoreOf({ models: [right, gone], minResponses: 2 })).toBeUndefined();
    expect(await scoreOf({ models: [gone, silent], minResponses: 1 })).toBeUndefined();
  });

  it('is wrong if abstentions alone leave too few votes', async () => {
    expect(await scoreOf({ models: [silent, gone], minResponses: 2 })).toBe(0);
    expect(await scoreOf({ models: [silent, saying('other', 'Who knows?')] })).toBe(0);
  });

  it('is left out if only its vote is missing for a unanimous one, and wrong if the others disagree', async () => {
    const strategy = 'unanimous' as const;
    expect(await scoreOf({ models: [right, gone], strategy, minResponses: 1 })).toBeUndefined();
    expect(await scoreOf({ models: [right, wrong, gone], strategy, minResponses: 1 })).toBe(0);
  });

  it('is wrong if it is late by its own time limit', async () => {
    const late = [
      { id: 'q', question: '?', expected: 2, responses: [{ model: 'm', text: '2', latencyMs: 900 }] },
    ];
    const models = [recordedModel('m')];
    for (const [limit, score] of [
      [800, 0],
      [1000, 1],
    ] as const) {
      const conditions = { c: { models, normalization: 'numeric' as const, timeoutMs: limit } };
      const [trial] = await Array.fromAsync(rescore({ dataset: late, conditions }));
      expect(trial?.score).toBe(score);
    }
  });
});

it('takes no cost, latency or call from questions that are left out', async () => {
  const half = Array.from({ length: 40 }, (_, n) => ({ id: `${n}`, question: `${n} + 0?`, expected: n }));
  const model = defineModel('m', (question) => {
    const n = Number(/\d+/.exec(question)?.[0]);
    if (n % 2 === 1) throw new AuthenticationError('m', 'no', { status: 401 });
    return { text: `${n}`, costUsd: 0.01 };
  });
  const conditions = { m: { models: [model], normalization: 'numeric' as const } };
  const card = await scorecard(runExperiment({ dataset: half, conditions }));
  expect(card.conditions[0]).toMatchObject({
    questions: 40,
    leftOut: { failed: 20, notRecorded: 0 },
    coverage: { value: 1 },
    accuracy: { value: 1 },
    calls: { made: 20, failures: 0, perQuestion: 1 },
    knownCostShare: 1,
  });
  expect(card.conditions[0]?.costUsd?.value).toBeCloseTo(0.01);
});
