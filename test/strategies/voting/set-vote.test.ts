import { describe, expect, it, test } from 'vitest';
import { createEnsemble, defineModel, type SetVoteOptions, setVote } from '../../../src/index.ts';
import { voterContract } from '../../../src/testing/testing.ts';

const predictionOf = (sets: readonly unknown[], options?: SetVoteOptions) =>
  createEnsemble({
    models: sets.map((set, index) => defineModel(`model-${index}`, () => JSON.stringify(set))),
    normalization: 'json',
    strategy: setVote(options),
  }).predict('Which?');

describe('setVote', () => {
  test.each<[readonly unknown[], SetVoteOptions | undefined, unknown[], number]>([
    [[['a', 'b'], ['b', 'c'], ['b']], undefined, ['b'], 2 / 3],
    [[['a', 'b'], ['b', 'c'], ['b']], { min: 1 }, ['b'], 2 / 3],
    [[['a', 'b'], ['b', 'c'], ['b']], { min: 0.01 }, ['a', 'b', 'c'], 1 / 3],
    [[['a'], ['b']], undefined, [], 1 / 2],
    [[['a'], ['a', 'b']], { min: 0.5 }, ['a', 'b'], 1 / 2],
    [[['a'], ['a'], ['a'], [], []], { min: 0.6 }, ['a'], 3 / 5],
    [[['a', 'a'], 'a', [null, 'b']], undefined, ['a'], 2 / 3],
    [[[{ x: 1, y: 2 }], [{ y: 2, x: 1 }]], undefined, [{ x: 1, y: 2 }], 1],
    [[[], []], undefined, [], 1],
  ])('of %j with %j is right', async (sets, options, answer, consensus) => {
    const predicted = await predictionOf(sets, options);
    expect(predicted.answer).toEqual(answer);
    expect(predicted.metadata.consensus).toBeCloseTo(consensus);
  });

  it('counts each element, and shows a text that says the answer if a model wrote one', async () => {
    const { text, metadata } = await predictionOf([['a', 'b'], ['a', 'c'], ['a']]);
    expect(text).toBe('["a"]');
    expect(metadata.votes).toEqual({ a: 3, b: 1, c: 1 });
  });

  test.each([0, 1.1, Number.NaN])('refuses a share of %d', (min) => {
    expect(() => setVote({ min })).toThrow('setVote: option "min" must be a number above 0 up to 1');
  });

  const answers = [['a', 'b'], ['b'], [], 'a'];
  for (const { name, run } of voterContract({ name: 'it', createVoter: () => setVote(), answers }))
    it(name, run);
});
