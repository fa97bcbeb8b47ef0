import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Outcome, Standing, Tally, Voter } from '../../../src/index.ts';
import { elect, vote } from '../../../src/operators/operators.ts';
import { abstained, answered, failed, panelOf } from '../../outcomes.ts';

/** A caller's own voter that makes the same of any votes. */
const voterOf = (standing: Standing, more: Partial<Voter> = {}): Voter => ({
  name: 'own',
  init: () => undefined,
  add: () => undefined,
  tally: () => standing,
  ...more,
});

/** The tallies after each outcome. */
const talliesOf = (
  voter: Voter,
  outcomes: readonly Outcome<string>[],
  panel?: readonly string[],
): Tally<string>[] => {
  const tallies: Tally<string>[] = [];
  from(outcomes)
    .pipe(vote(voter, panel))
    .subscribe((tally) => tallies.push(tally));
  return tallies;
};

const lastOf = (voter: Voter, outcomes: readonly Outcome<string>[]): Tally<string> =>
  talliesOf(voter, outcomes).at(-1) as Tally<string>;

const errorOf = (voter: Voter, outcomes: readonly Outcome<string>[] = [answered(0, '4')]): Error => {
  let failure = new Error('none');
  from(outcomes)
    .pipe(elect({ voter, panel: panelOf(3) }))
    .subscribe({
      error: (error: Error) => {
        failure = error;
      },
    });
  return failure;
};

const votes = [answered(0, '4', 0.5), answered(1, '4', 0.9), answered(2, '4', 0.9), answered(3, '5', 1)];

describe('what a voter leaves out of its standing', () => {
  it('is the most confident vote for its answer, the first of these in the panel', () => {
    const voter = voterOf({ answer: '4', consensus: 0.75, votes: { 4: 3, 5: 1 } });
    for (const order of [votes, votes.toReversed()]) {
      const { leadingVote, confidence } = lastOf(voter, order);
      expect(leadingVote?.model).toBe('m1');
      expect(confidence).toBe(0.9);
    }
  });

  it('is counted by its votes: the lead, the runner-up and the total, and no margin', () => {
    const voter = voterOf({ answer: '4', consensus: 0.5, votes: { 5: 1, 6: 2, 4: 4 } });
    expect(lastOf(voter, votes)).toMatchObject({ lead: 4, runnerUp: 2, total: 7, margin: 0 });
  });

  it('has the most votes as its runner-up if its answer has fewer', () => {
    const voter = voterOf({ answer: '5', consensus: 0.1, votes: { 4: 3, 5: 1 } });
    expect(lastOf(voter, votes)).toMatchObject({ lead: 1, runnerUp: 3, total: 4 });
  });

  it('has no runner-up if there is one answer', () => {
    const voter = voterOf({ answer: '4', consensus: 1, votes: { 4: 3 } });
    expect(lastOf(voter, votes)).toMatchObject({ lead: 3, runnerUp: 0, total: 3 });
  });

  it.each([
    ['a mean that no model gave', 4.5],
    ['no answer', undefined],
    ['a name that every object has', 'constructor'],
  ])('has no votes behind %s', (_, answer) => {
    const voter = voterOf({ answer, consensus: 0, votes: { 4: 3, 5: 1 } });
    expect(lastOf(voter, votes)).toMatchObject({
      leader: answer,
      leadingVote: undefined,
      confidence: undefined,
      lead: 0,
      runnerUp: 3,
      total: 4,
    });
  });

  it('has no votes behind no answer, also if votes are counted under its name', () => {
    const voter = voterOf({ answer: undefined, consensus: 0, votes: { undefined: 2, 4: 1 } });
    expect(lastOf(voter, votes)).toMatchObject({ lead: 0, runnerUp: 2 });
  });

  it('is the first of two equal votes of one place', () => {
    const voter = voterOf({ answer: '4', consensus: 1, votes: { 4: 2 } });
    const twice = [answered(0, '4', 0.5), answered(0, '4', 0.5)];
    expect(lastOf(voter, twice).leadingVote).toBe(twice[0]);
  });

  it('is nothing if there are no votes at all', () => {
    const voter = voterOf({ answer: '4', consensus: 1, votes: {} });
    expect(lastOf(voter, votes)).toMatchObject({ lead: 0, runnerUp: 0, total: 0 });
  });

  it('is not what the voter says itself', () => {
    const own = { lead: 7, runnerUp: 6, total: 20, margin: 5, confidence: 0.3, leadingVote: votes[3] };
    // `total` says that the voter knows the rest: it is taken as it is.
    expect(lastOf(voterOf({ answer: '4', consensus: 0.2, votes: {}, ...own }), votes)).toMatchObject(own);
    const { total: _, ...some } = own;
    expect(lastOf(voterOf({ answer: '4', consensus: 0.2, votes: { 4: 3 }, ...some }), votes)).toMatchObject({
      ...some,
      total: 3,
    });
    expect(lastOf(voterOf({ answer: '4', consensus: 0.2, votes: {}, total: 9 }), votes)).toMatchObject({
      lead: 0,
      runnerUp: 0,
      margin: 0,
    });
  });

  it.each([Number.NaN, -0.1, 1.1])('is no excuse for a consensus of %s', (consensus) => {
    const error = errorOf(voterOf({ answer: '4', consensus, votes: { 4: 1 } }));
    expect(error.name).toBe('UserCodeError');
    expect(error.message).toContain('the voting strategy "own"');
    expect(error.message).toContain(`must return a consensus from 0 to 1, not ${consensus}`);
  });

  it.each([0, 1])('allows a consensus of %s', (consensus) => {
    expect(lastOf(voterOf({ answer: '4', consensus, votes: { 4: 1 } }), votes).consensus).toBe(consensus);
  });
});

describe('an election', () => {
  const standing = { answer: '4', consensus: 1, votes: { 4: 1 } };
  const fail = () => {
    throw new TypeError('oh');
  };

  it.each<keyof Voter>(['init', 'add', 'tally', 'ceiling'])('names the voter whose %s throws', (part) => {
    const error = errorOf(voterOf(standing, { [part]: fail }));
    expect(error.message).toContain('the voting strategy "own"');
    expect(error.cause).toStrictEqual(new TypeError('oh'));
  });

  it('counts what is not a vote, and what is pending and open', () => {
    const outcomes = [answered(0, '4'), abstained(1), failed(2), failed(3)];
    expect(
      talliesOf(
        voterOf(standing, { ceiling: (model) => Number(model.slice(1)) + 0.5 }),
        outcomes,
        panelOf(5),
      ),
    ).toMatchObject([
      { successes: 1, abstentions: 0, failures: 0, pending: 4, open: 12 },
      { successes: 1, abstentions: 1, failures: 0, pending: 3, open: 10.5 },
      { successes: 1, abstentions: 1, failures: 1, pending: 2, open: 8 },
      { successes: 1, abstentions: 1, failures: 2, pending: 1, open: 4.5 },
    ]);
  });

  it('counts one vote for each model that is open if the voter has no ceiling', () => {
    expect(talliesOf(voterOf(standing), votes, panelOf(5)).map(({ open }) => open)).toStrictEqual([
      4, 3, 2, 1,
    ]);
  });

  it('may receive any number of votes without a panel, or once it has more outcomes than the panel', () => {
    const infinite = { open: Number.POSITIVE_INFINITY };
    expect(lastOf(voterOf(standing), votes)).toMatchObject({
      ...infinite,
      pending: Number.POSITIVE_INFINITY,
    });
    const tallies = talliesOf(voterOf(standing), votes, panelOf(3));
    expect(tallies[2]).toMatchObject({ open: 0, pending: 0 });
    expect(tallies[3]).toMatchObject({ ...infinite, pending: -1 });
  });

  it('does not ask the voter before the first vote', () => {
    const voter = voterOf(standing, { tally: fail });
    const [tally] = talliesOf(voter, [abstained(0)]);
    expect(tally).toMatchObject({ leader: undefined, consensus: 0, lead: 0, votes: {} });
    expect(tally?.outcome).toStrictEqual(abstained(0));
  });

  it('does not count the votes of a tally before the first vote, also if it is read later', () => {
    const [tally] = talliesOf(voterOf(standing), [abstained(0), ...votes]);
    expect(tally?.votes).toStrictEqual({});
  });
});
