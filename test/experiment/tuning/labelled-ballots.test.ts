import { describe, expect, it } from 'vitest';
import {
  type LabelledBallot,
  type LabelledBallotsOptions,
  labelledBallots,
  type Question,
  type Trial,
} from '../../../src/experiment/experiment.ts';
import {
  createEnsemble,
  defineModel,
  InvalidRequestError,
  ModelError,
  type NoPredictionError,
  type Prediction,
  sequential,
} from '../../../src/index.ts';

const question = (expected: unknown, texts: Readonly<Record<string, string>>): Question => ({
  id: 'q',
  question: 'What is 2 + 2?',
  expected,
  responses: Object.entries(texts).map(([model, text]) => ({ model, text })),
});

const ballotsOf = (
  source: Iterable<Question | Trial>,
  options?: LabelledBallotsOptions,
): Promise<LabelledBallot[]> => Array.fromAsync(labelledBallots(source, options));

const keysOf = ({ votes }: LabelledBallot) => Array.from(votes, ([model, { key }]) => [model, key]);

const trialOf = (result: Prediction | NoPredictionError, expected: unknown = 4): Trial => ({
  condition: 'c',
  question: { id: 'q', question: '?', expected, category: 'sums' },
  result,
  score: undefined,
});

describe('labelledBallots', () => {
  it('reads answers as an election does, and right answers in the same way', async () => {
    const asked = question('1,234.00', { a: 'It is **1234**.', b: 'I cannot say.', c: '１２３４' });
    const [ballot] = await ballotsOf([asked], { normalization: 'numeric' });
    expect(ballot && keysOf(ballot)).toStrictEqual([
      ['a', '1234'],
      ['b', undefined],
      ['c', '1234'],
    ]);
    expect(ballot?.rightKeys).toStrictEqual(new Set(['1234']));
  });

  it('takes a right answer that is no text as it is', async () => {
    const [ballot] = await ballotsOf([question(4, { a: '4' })], { normalization: 'numeric' });
    expect(ballot?.rightKeys).toStrictEqual(new Set(['4']));
  });

  it('keeps costs and latencies where they are known, and says nothing where they are not', async () => {
    const responses = [
      { model: 'a', text: '4', costUsd: 0.5, latencyMs: 20 },
      { model: 'b', text: '4' },
    ];
    const [ballot] = await ballotsOf([{ ...question('4', {}), responses }]);
    expect(ballot?.votes).toStrictEqual(
      new Map([
        ['a', { key: '4', costUsd: 0.5, latencyMs: 20 }],
        ['b', { key: '4' }],
      ]),
    );
  });

  it('passes over questions whose right answer is not known, and those that nobody was asked', async () => {
    const open = question(undefined, { a: '4' });
    expect(await ballotsOf([open, question('4', {}), question('4', { a: '4' })])).toHaveLength(1);
  });

  it('reads trials: samples of a model are one vote, at what all of them cost', async () => {
    const answers = ['4', '5', '4'];
    const models = [
      defineModel('a', () => ({ text: answers.shift() ?? '', costUsd: 0.25, confidence: 0.5 })),
      defineModel('b', () => Promise.reject(new Error('no'))),
    ];
    const prediction = await createEnsemble({
      models,
      samples: 3,
      normalization: 'numeric',
      minResponses: 1,
    }).predict('?');
    const [ballot] = await ballotsOf([trialOf(prediction)], { normalization: 'numeric' });
    expect(ballot && keysOf(ballot)).toStrictEqual([
      ['a', '4'],
      ['b', undefined],
    ]);
    expect(ballot?.votes.get('a')).toMatchObject({ costUsd: 0.75, confidence: 0.5 });
    expect(ballot?.rightKeys).toStrictEqual(new Set(['4']));
    expect(ballot?.category).toBe('sums');
  });

  it('leaves out models that were not asked or whose calls were cancelled', async () => {
    const models = ['a', 'b', 'c'].map((id) => defineModel(id, () => '4'));
    const asked = await createEnsemble({ models, execution: sequential() }).predict('?');
    const [ballot] = await ballotsOf([trialOf(asked)]);
    expect([...(ballot?.votes.keys() ?? [])]).toStrictEqual(['a', 'b']);
  });

  it('marks an outage, but neither an abstention nor a request that the provider refuses', async () => {
    const rejecting = (id: string, error: Error) => defineModel(id, () => Promise.reject(error));
    const models = [
      rejecting('down', new ModelError('down', '503', { status: 503 })),
      rejecting('refused', new InvalidRequestError('refused', '400', { status: 400 })),
      defineModel('abstains', () => 'no number'),
      defineModel('answers', () => '4'),
    ];
    const asked = await createEnsemble({ models, normalization: 'numeric', minResponses: 1 }).predict('?');
    const [ballot] = await ballotsOf([trialOf(asked)], { normalization: 'numeric' });
    expect(Array.from(ballot?.votes ?? [], ([id, { key, hasFailed }]) => [id, key, hasFailed])).toStrictEqual(
      [
        ['down', undefined, true],
        ['refused', undefined, undefined],
        ['abstains', undefined, undefined],
        ['answers', '4', undefined],
      ],
    );
  });

  it('reads the trials that came to no prediction, too', async () => {
    const models = ['4', '5'].map((text, index) => defineModel(`m${index}`, () => text));
    const error = await createEnsemble({ models, strategy: 'unanimous' })
      .predict('?')
      .catch((reason: NoPredictionError) => reason);
    const [ballot] = await ballotsOf([trialOf(error)]);
    expect(ballot && keysOf(ballot)).toStrictEqual([
      ['m0', '4'],
      ['m1', '5'],
    ]);
  });

  it('asks a scorer which of the given answers are right: those that score 1', async () => {
    const scorer = async (answer: unknown) => Number(answer) / 4;
    const [ballot] = await ballotsOf([question('4', { a: '4', b: '3', c: '5' })], {
      normalization: 'numeric',
      scorer,
    });
    expect(ballot?.rightKeys).toStrictEqual(new Set(['4', '5']));
  });

  it('counts `__proto__` as an answer and a model like any other', async () => {
    const responses = [{ model: '__proto__', text: '__proto__' }];
    const [ballot] = await ballotsOf([{ ...question('__proto__', {}), responses }]);
    expect(ballot && keysOf(ballot)).toStrictEqual([['__proto__', '__proto__']]);
    expect(ballot?.rightKeys.has('__proto__')).toBe(true);
  });

  it('refuses a right answer that the normalization cannot read, without quoting it', async () => {
    const reading = ballotsOf([question('secret', { a: '4' })], { normalization: 'numeric' });
    await expect(reading).rejects.toThrow('finds no answer in the right answer to "q"');
    await expect(reading).rejects.not.toThrow('secret');
  });

  it('lists the faults of its options', () => {
    const options = { normalization: 'none', scorer: 1 } as unknown as LabelledBallotsOptions;
    expect(() => labelledBallots([], options)).toThrow(/"normalization" must be.*"scorer" must be/s);
  });
});
