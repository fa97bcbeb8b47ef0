import { describe, expect, it, test } from 'vitest';
import { createEnsemble, defineModel, median, trimmedMean, type Voter } from '../../../src/index.ts';
import { voterContract } from '../../../src/testing/testing.ts';

const predictionOf = (numbers: readonly (number | string)[], strategy: Voter) =>
  createEnsemble({
    models: numbers.map((number, index) => defineModel(`model-${index}`, () => String(number))),
    normalization: (text) => (Number.isNaN(Number(text)) ? text : Number(text)),
    strategy,
  }).predict('How many?');

describe('median', () => {
  test.each<[readonly (number | string)[], number, number]>([
    [[3], 3, 1],
    [[1, 2], 1.5, 0],
    [[10, 1, 2], 2, 1 / 3],
    [[4, 1, 4, 9], 4, 1 / 2],
    [[-1, 0.5, 1e9, 0.5, -3], 0.5, 2 / 5],
    [[7, 'seven', 7], 7, 2 / 3],
    [[Number.MAX_VALUE, Number.MAX_VALUE], Number.MAX_VALUE, 1],
  ])('of %j is %d', async (numbers, answer, consensus) => {
    const predicted = await predictionOf(numbers, median());
    expect(predicted.answer).toBe(answer);
    expect(predicted.metadata.consensus).toBeCloseTo(consensus);
    expect(predicted.text).toBe(String(answer));
  });

  it('agrees with numbers within a distance', async () => {
    const { metadata } = await predictionOf([39, 40, 44, 60], median({ within: 2 }));
    expect(metadata).toMatchObject({ consensus: 0.5, votes: { 39: 1, 40: 1, 44: 1, 60: 1 } });
  });

  it('has no answer without a number', async () => {
    await expect(predictionOf(['many', 'few'], median())).rejects.toThrow('median found no winner');
  });
});

describe('trimmedMean', () => {
  test.each([
    [[1, 2, 3, 4, 1000], undefined, 3],
    [[1, 2, 3, 4, 1000], 0, 202],
    [[5, 1], 0.4, 3],
    [[5, 1, 3], 0.49, 3],
    [[1, 2, 6], 0.2, 3],
  ])('of %j with %s at each end is %d', async (numbers, trim, answer) => {
    const strategy = trimmedMean(trim === undefined ? {} : { trim });
    expect((await predictionOf(numbers, strategy)).answer).toBeCloseTo(answer);
  });
});

test.each([
  [() => median({ within: -1 }), 'median: option "within" must be'],
  [() => median({ within: Number.NaN }), 'median: option "within" must be'],
  [() => trimmedMean({ trim: 0.5 }), 'trimmedMean: option "trim" must be a number from 0 to below 0.5'],
])('refuses %s', (make, message) => {
  expect(make).toThrow(message);
});

describe.each([
  ['median', median],
  ['trimmedMean', trimmedMean],
] as const)('%s', (name, createVoter) => {
  for (const { name: clause, run } of voterContract({ name, createVoter, answers: [4, 5, 6.5, 'none'] }))
    it(clause, run);
});
