import { describe, expect, it, test } from 'vitest';
import { createEnsemble, defineModel, type RankedChoiceOptions, rankedChoice } from '../../../src/index.ts';
import { voterContract } from '../../../src/testing/testing.ts';

const predictionOf = (ballots: readonly unknown[], options?: RankedChoiceOptions) =>
  createEnsemble({
    models: ballots.map((ballot, index) => defineModel(`voter-${index}`, () => JSON.stringify(ballot))),
    normalization: 'json',
    strategy: rankedChoice(options),
  }).predict('Rank them.');

const times = (count: number, ...ballot: string[]): string[][] => new Array<string[]>(count).fill(ballot);

/** The textbook example of a capital for Tennessee, in which the methods differ. */
const tennessee = [
  ...times(42, 'Memphis', 'Nashville', 'Chattanooga', 'Knoxville'),
  ...times(26, 'Nashville', 'Chattanooga', 'Knoxville', 'Memphis'),
  ...times(15, 'Chattanooga', 'Knoxville', 'Nashville', 'Memphis'),
  ...times(17, 'Knoxville', 'Chattanooga', 'Nashville', 'Memphis'),
];

describe('rankedChoice', () => {
  test.each([
    ['condorcet', 'Nashville', { Memphis: 0, Nashville: 3, Chattanooga: 2, Knoxville: 1 }, 0.58],
    ['borda', 'Nashville', { Memphis: 126, Nashville: 194, Chattanooga: 173, Knoxville: 107 }, 0.58],
    ['instantRunoff', 'Knoxville', { Memphis: 42, Knoxville: 58 }, 0.17],
  ] as const)('counts by %s', async (method, winner, votes, consensus) => {
    const { answer, text, metadata } = await predictionOf(tennessee, { method });
    expect([answer, text]).toEqual([winner, winner]);
    expect(metadata.votes).toEqual(votes);
    expect(metadata.consensus).toBeCloseTo(consensus);
    expect(metadata.strategy).toBe('rankedChoice');
  });

  it('has no Condorcet winner in a circle', async () => {
    const circle = [
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
    ];
    await expect(predictionOf(circle)).rejects.toThrow('rankedChoice found no winner');
    expect((await predictionOf(circle, { method: 'borda' })).answer).toBe('a');
    expect((await predictionOf(circle, { method: 'instantRunoff' })).answer).toBe('a');
  });

  it('takes short ballots, single choices and repeated ones', async () => {
    const { answer, metadata } = await predictionOf(['a', ['b', 'a', 'b'], ['a'], []], {
      method: 'instantRunoff',
    });
    expect(answer).toBe('a');
    expect(metadata.votes).toEqual({ a: 2, b: 1 });
    expect(metadata.consensus).toBe(0.5);
  });

  it('ranks choices of any kind, and counts equal ones as one', async () => {
    const { answer } = await predictionOf([[{ x: 1, y: 2 }, 7], [{ y: 2, x: 1 }], [7, { x: 1, y: 2 }]]);
    expect(answer).toEqual({ x: 1, y: 2 });
  });

  it('gives what a ballot leaves out the points of the places that are left', async () => {
    const { metadata } = await predictionOf([['a'], ['b', 'c', 'a']], { method: 'borda' });
    expect(metadata.votes).toEqual({ a: 2, b: 2.5, c: 1.5 });
  });
});

describe.each(['condorcet', 'borda', 'instantRunoff'] as const)('rankedChoice by %s', (method) => {
  const answers = [['a', 'b', 'c'], ['b', 'c'], ['c', 'b', 'a'], 'a'];
  for (const { name, run } of voterContract({
    name: 'it',
    createVoter: () => rankedChoice({ method }),
    answers,
  }))
    it(name, run);
});
