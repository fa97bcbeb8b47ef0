import fc from 'fast-check';
import { from, type OperatorFunction } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { answerKey, decided, type Outcome, type Tally, type Voter } from '../../src/index.ts';
import { elect, vote } from '../../src/operators/operators.ts';
import { answered, arrivals, panelOf, someAnswer, someOutcome } from '../outcomes.ts';

/** A voter, and what cannot be read off it. */
export interface VoterSubject {
  readonly makeVoter: () => Voter;
  /** Whether it says how far its leader leads, so that `decided` can end an election early. */
  readonly isDecidedEarly: boolean;
}

const tallies = (
  outcomes: readonly Outcome<string>[],
  operator: OperatorFunction<Outcome<string>, Tally<string>>,
): Tally<string>[] => {
  const all: Tally<string>[] = [];
  from(outcomes)
    .pipe(operator)
    .subscribe((tally) => all.push(tally));
  return all;
};

const running = (voter: Voter, outcomes: readonly Outcome<string>[]): Tally<string>[] =>
  tallies(outcomes, vote(voter, panelOf(outcomes.length)));

const final = (voter: Voter, outcomes: readonly Outcome<string>[]): Tally<string> => {
  const [tally, ...more] = tallies(outcomes, elect({ voter, panel: panelOf(outcomes.length) }));
  if (tally === undefined || more.length > 0) throw new Error('an election has one final tally');
  return tally;
};

/** What is left of a tally when nobody asks which outcome came last. */
const result = ({ outcome: _, leadingVote, votes, ...tally }: Tally) => ({
  ...tally,
  votes: { ...votes },
  spokesman: leadingVote?.model,
});

const toJson = (value: unknown): string => JSON.stringify(value);

const permutations = <T>(items: readonly T[]): T[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((item, index) =>
        permutations(items.toSpliced(index, 1)).map((others) => [item, ...others]),
      );

/** What every voting strategy must be, whatever it counts. */
export const voterContract = (name: string, { makeVoter, isDecidedEarly }: VoterSubject): void => {
  describe(`${name}, as a voter`, () => {
    it('gives the same result for every order of arrival', () => {
      fc.assert(
        fc.property(arrivals(8), (outcomes) => {
          const inPanelOrder = outcomes.toSorted((a, b) => a.index - b.index);
          expect(result(final(makeVoter(), outcomes))).toStrictEqual(
            result(final(makeVoter(), inPanelOrder)),
          );
        }),
      );
    });

    it('gives the same result for all 120 orders of five votes with ties in them', () => {
      const votes = ['4', '5', '5', '4', '6'].map((answer, index) => answered(index, answer, 0.5));
      const orders = permutations(votes);
      expect(orders).toHaveLength(120);
      const [first, ...others] = orders.map((order) => result(final(makeVoter(), order)));
      for (const other of others) expect(other).toStrictEqual(first);
    });

    it('keeps the consensus within 0 and 1, and no answer above all votes', () => {
      fc.assert(
        fc.property(arrivals(8), (outcomes) => {
          for (const { consensus, lead, runnerUp, total, votes } of running(makeVoter(), outcomes)) {
            const sum = Object.values(votes).reduce((votesSoFar, count) => votesSoFar + count, 0);
            expect(consensus).toBeGreaterThanOrEqual(0);
            expect(consensus).toBeLessThanOrEqual(1);
            expect(sum).toBeCloseTo(total, 6);
            expect(Math.max(lead, runnerUp, 0)).toBeLessThanOrEqual(total);
          }
        }),
      );
    });

    it('never dethrones a leader by one more vote for it', () => {
      fc.assert(
        fc.property(arrivals(8), (outcomes) => {
          const { leader } = final(makeVoter(), outcomes);
          if (leader === undefined) return;
          for (const confidence of [undefined, 0, 0.5, 1]) {
            const supporter = answered(outcomes.length, leader, confidence);
            expect(final(makeVoter(), [...outcomes, supporter]).leader).toBe(leader);
          }
        }),
      );
    });

    it('has a vote of the leader’s own speak for it', () => {
      fc.assert(
        fc.property(arrivals(8), (outcomes) => {
          const { leader, leadingVote } = final(makeVoter(), outcomes);
          expect(leadingVote?.answer).toBe(leader);
          expect(leadingVote === undefined || outcomes.includes(leadingVote)).toBe(true);
        }),
      );
    });

    it('makes tallies that stay as they were when further votes are cast', () => {
      fc.assert(
        fc.property(arrivals(8), (outcomes) => {
          const atOnce: string[] = [];
          const kept: Tally[] = [];
          from(outcomes)
            .pipe(vote(makeVoter(), panelOf(outcomes.length)))
            .subscribe((tally) => {
              atOnce.push(toJson(tally));
              kept.push(tally);
            });
          expect(kept.map(toJson)).toStrictEqual(atOnce);
          // Read for the first time when all is over, they are no different.
          expect(running(makeVoter(), outcomes).map(toJson)).toStrictEqual(atOnce);
        }),
      );
    });

    it('counts every election anew, also two that interleave', () => {
      fc.assert(
        fc.property(arrivals(6), arrivals(6), (left, right) => {
          const voter = makeVoter();
          const alone = running(makeVoter(), left).map(toJson);
          const interleaved: string[] = [];
          from(left)
            .pipe(vote(voter, panelOf(left.length)))
            .subscribe((tally) => {
              running(voter, right);
              interleaved.push(toJson(tally));
            });
          expect(interleaved).toStrictEqual(alone);
        }),
      );
    });

    it(`${isDecidedEarly ? 'is' : 'is never'} decided early, and never before the winner is certain`, () => {
      const elections = arrivals(8).chain((outcomes) =>
        fc.record({
          outcomes: fc.constant(outcomes),
          otherwise: fc.tuple(...outcomes.map(({ index }) => someOutcome(index))),
          rival: someAnswer,
        }),
      );
      let decidedEarly = 0;
      fc.assert(
        fc.property(elections, ({ outcomes, otherwise, rival }) => {
          const soFar = running(makeVoter(), outcomes);
          const stop = soFar.findIndex(decided());
          if (stop === -1 || stop === outcomes.length - 1) return;
          decidedEarly += 1;
          const heard = outcomes.slice(0, stop + 1);
          // As it went, as it might have gone, and the worst: all who are out agree on a rival, and are sure.
          const united = outcomes.map(({ index }) => answered(index, rival, 1));
          for (const course of [outcomes, otherwise, united]) {
            const { leader } = final(makeVoter(), [...heard, ...course.slice(stop + 1)]);
            expect(leader).toBe(soFar[stop]?.leader);
          }
        }),
        { numRuns: 1000 },
      );
      if (isDecidedEarly) expect(decidedEarly).toBeGreaterThan(0);
      else expect(decidedEarly).toBe(0);
    });

    it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
      'counts %j as an answer like any other',
      (answer) => {
        const tally = final(makeVoter(), [answered(6, answer, 1), answered(7, answer, 1)]);
        expect(tally.leader).toBe(answer);
        expect(Object.entries(tally.votes)).toStrictEqual([[answer, 2]]);
        expect(Object.getPrototypeOf(tally.votes)).toBe(Object.prototype);
        expect(Object.entries(JSON.parse(toJson(tally)).votes)).toStrictEqual([[answer, 2]]);
      },
    );

    it('counts answers under their keys, whatever the answers are', () => {
      const key = '{"city":"Paris","country":"France"}';
      const votes = [
        { ...answered(6, key), answer: { city: 'Paris', country: 'France' } },
        { ...answered(7, key), answer: { country: 'France', city: 'Paris' } },
      ];
      const [tally] = tallies(votes as unknown as Outcome<string>[], elect({ voter: makeVoter() }));
      expect(tally?.votes).toStrictEqual({ [key]: 2 });
      expect(answerKey(tally?.leader)).toBe(key);
    });

    it('has no leader and no consensus where nobody voted', () => {
      const tally = final(makeVoter(), []);
      expect(tally).toMatchObject({
        leader: undefined,
        consensus: 0,
        lead: 0,
        runnerUp: 0,
        total: 0,
        successes: 0,
      });
      expect(tally.votes).toStrictEqual({});
    });
  });
};
