import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Answered,
  bestConfidence,
  confidenceWeighted,
  fieldwise,
  logOdds,
  majority,
  naiveBayes,
  type Outcome,
  unanimous,
  type Voter,
  weighted,
} from '../../../src/index.ts';
import { type AdditiveVoter, isAdditive } from '../../../src/strategies/voting/additive-voter.ts';
import { Election } from '../../../src/strategies/voting/election.ts';
import { answered, arrivals, panelOf } from '../../outcomes.ts';

const byModel = <T>(make: (index: number) => T): Record<string, T> =>
  Object.fromEntries(panelOf(6).map((id, index) => [id, make(index)]));

/** Models that are right more and more seldom; the last one is mostly wrong. */
const likelihoods = byModel((index) => {
  const right = 0.9 - 0.12 * index;
  return [
    [right, 1 - right],
    [1 - right, right],
  ];
});

const weighing: Readonly<Record<string, () => Voter>> = {
  majority,
  weighted: () => weighted({ weights: { m0: 3, m1: 0.1, m2: 0 } }),
  confidenceWeighted: () => confidenceWeighted({ temperature: 0.2 }),
  logOdds: () => logOdds({ accuracies: byModel((index) => 0.4 + 0.1 * index), choices: 3 }),
};

/** The sum of each answer, in units. */
const sumsOf = (voter: AdditiveVoter, votes: readonly Answered[]): ReadonlyMap<string, number> =>
  new Map(
    votes.map(({ key }) => [
      key,
      votes.reduce((sum, vote) => sum + voter.unitsFor(vote, key), voter.unitsAtStart(key)),
    ]),
  );

/** Returns the leader of an election by a voter, which must have the largest sum. */
const leaderOf = (voter: AdditiveVoter, outcomes: readonly Outcome<string>[]): string | undefined => {
  const election = new Election<string>(voter);
  for (const outcome of outcomes) election.add(outcome);
  const { leadingVote } = election.tally();
  if (leadingVote === undefined) return undefined;
  const sums = sumsOf(voter, outcomes.filter(({ status }) => status === 'answered') as Answered[]);
  expect(sums.get(leadingVote.key)).toBe(Math.max(...sums.values()));
  return leadingVote.key;
};

describe('an additive voter', () => {
  it.each(Object.entries(weighing))('has the largest sum for its leader: %s', (_, makeVoter) => {
    const voter = makeVoter();
    if (!isAdditive(voter)) throw new Error('not additive');
    fc.assert(
      fc.property(arrivals(6), (outcomes) => {
        const election = new Election<string>(voter);
        for (const outcome of outcomes) election.add(outcome);
        const sums = sumsOf(voter, outcomes.filter(({ status }) => status === 'answered') as Answered[]);
        const { leadingVote, total, votes } = election.tally();
        if (leadingVote === undefined) return;
        expect(sums.get(leadingVote.key)).toBe(Math.max(...sums.values()));
        // They are the votes of the tally, in billionths.
        for (const [key, units] of sums) expect(units / 1e9).toBeCloseTo(votes[key] ?? -1, 9);
        expect([...sums.values()].reduce((sum, units) => sum + units, 0) / 1e9).toBeCloseTo(total, 6);
      }),
    );
  });

  it('has the largest sum of evidence for its leader: naiveBayes', () => {
    const voter = naiveBayes({ classes: ['4', '5'], prior: [0.7, 0.3], likelihoods });
    if (!isAdditive(voter)) throw new Error('not additive');
    expect(voter.unitsAtStart('4')).toBe(Math.round(Math.log(0.7) * 1e9));
    expect(voter.unitsAtStart('6')).toBe(Number.NEGATIVE_INFINITY);
    const [vote, outside] = [answered(0, '4'), answered(0, '6')];
    expect([voter.unitsFor(vote, '4'), voter.unitsFor(vote, '5')]).toStrictEqual([
      Math.round(Math.log(0.9) * 1e9),
      Math.round(Math.log(1 - 0.9) * 1e9),
    ]);
    expect([voter.unitsFor(vote, '6'), voter.unitsFor(outside, '4')]).toStrictEqual([0, 0]);
    fc.assert(
      fc.property(arrivals(6), (outcomes) => {
        leaderOf(voter, outcomes);
      }),
    );
  });

  it('has the largest sum of evidence for its leader, also if it is a stray: naiveBayes', () => {
    const voter = naiveBayes({
      classes: ['4', '5'],
      withOther: true,
      prior: [0.5, 0.3, 0.2],
      likelihoods: byModel((index) => {
        const right = 0.9 - 0.12 * index;
        const wrong = (1 - right) / 2;
        return [0, 1, 2].map((row) => [0, 1, 2].map((column) => (row === column ? right : wrong)));
      }),
    });
    if (!isAdditive(voter)) throw new Error('not additive');
    let strays = 0;
    fc.assert(
      fc.property(arrivals(6), (outcomes) => {
        const leader = leaderOf(voter, outcomes);
        if (leader !== undefined && !['4', '5'].includes(leader)) strays += 1;
      }),
    );
    expect(strays).toBeGreaterThan(0);
  });

  it.each<readonly [string, () => Voter]>([
    ['bestConfidence', bestConfidence],
    ['unanimous', unanimous],
    ['fieldwise', fieldwise],
  ])('is not one whose answer is no sum: %s', (_, makeVoter) => {
    expect(isAdditive(makeVoter())).toBe(false);
  });
});
