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
  /** Makes an answer of the kind that it counts out of a text. Default: the text. */
  readonly toAnswer?: (text: string) => unknown;
  /** The names under which it counts the votes for an answer. Default: its key. */
  readonly namesOf?: (answer: unknown) => readonly string[];
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
export const voterContract = (
  name: string,
  { makeVoter, isDecidedEarly, toAnswer, namesOf = (answer) => [answerKey(answer)] }: VoterSubject,
): void => {
  /** An outcome with an answer of the kind that the voter counts. */
  const counted = (outcome: Outcome<string>): Outcome<string> => {
    if (toAnswer === undefined || outcome.status !== 'answered') return outcome;
    const answer = toAnswer(outcome.answer);
    return { ...outcome, answer: answer as string, key: answerKey(answer) };
  };
  const cast = (index: number, text: string, confidence?: number): Outcome<string> =>
    counted(answered(index, text, confidence));
  const elections = (most: number): fc.Arbitrary<Outcome<string>[]> =>
    arrivals(most).map((outcomes) => outcomes.map(counted));

  describe(`${name}, as a voter`, () => {
    it('gives the same result for every order of arrival', () => {
      fc.assert(
        fc.property(elections(8), (outcomes) => {
          const inPanelOrder = outcomes.toSorted((a, b) => a.index - b.index);
          expect(result(final(makeVoter(), outcomes))).toStrictEqual(
            result(final(makeVoter(), inPanelOrder)),
          );
        }),
      );
    });

    it('gives the same result for all 120 orders of five votes with ties in them', () => {
      const votes = ['4', '5', '5', '4', '6'].map((answer, index) => cast(index, answer, 0.5));
      const orders = permutations(votes);
      expect(orders).toHaveLength(120);
      const [first, ...others] = orders.map((order) => result(final(makeVoter(), order)));
      for (const other of others) expect(other).toStrictEqual(first);
    });

    it('keeps the consensus within 0 and 1, and no answer above all votes', () => {
      fc.assert(
        fc.property(elections(8), (outcomes) => {
          for (const { consensus, lead, runnerUp, total, votes } of running(makeVoter(), outcomes)) {
            const sum = Object.values(votes).reduce((votesSoFar, count) => votesSoFar + count, 0);
            expect(consensus).toBeGreaterThanOrEqual(0);
            expect(consensus).toBeLessThanOrEqual(1);
            expect(sum).toBeCloseTo(total * namesOf(toAnswer?.('4') ?? '4').length, 6);
            expect(Math.max(lead, runnerUp, 0)).toBeLessThanOrEqual(total);
          }
        }),
      );
    });

    it('never dethrones a leader by one more vote for it', () => {
      fc.assert(
        fc.property(elections(8), (outcomes) => {
          const { leader } = final(makeVoter(), outcomes);
          if (leader === undefined) return;
          for (const confidence of [undefined, 0, 0.5, 1]) {
            const supporter = { ...answered(outcomes.length, leader, confidence), key: answerKey(leader) };
            expect(final(makeVoter(), [...outcomes, supporter]).leader).toStrictEqual(leader);
          }
        }),
      );
    });

    it('has a vote of the leader’s own speak for it', () => {
      fc.assert(
        fc.property(elections(8), (outcomes) => {
          const { leader, leadingVote } = final(makeVoter(), outcomes);
          expect(leadingVote?.answer).toStrictEqual(leader);
          expect(leadingVote === undefined || outcomes.includes(leadingVote)).toBe(true);
        }),
      );
    });

    it('makes tallies that stay as they were when further votes are cast', () => {
      fc.assert(
        fc.property(elections(8), (outcomes) => {
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
        fc.property(elections(6), elections(6), (left, right) => {
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
      const courses = elections(8).chain((outcomes) =>
        fc.record({
          outcomes: fc.constant(outcomes),
          otherwise: fc.tuple(...outcomes.map(({ index }) => someOutcome(index).map(counted))),
          rival: someAnswer,
        }),
      );
      let decidedEarly = 0;
      fc.assert(
        fc.property(courses, ({ outcomes, otherwise, rival }) => {
          const soFar = running(makeVoter(), outcomes);
          const stop = soFar.findIndex(decided());
          if (stop === -1 || stop === outcomes.length - 1) return;
          decidedEarly += 1;
          const heard = outcomes.slice(0, stop + 1);
          // As it went, as it might have gone, and the worst: all who are out agree on a rival, and are sure.
          const united = outcomes.map(({ index }) => cast(index, rival, 1));
          for (const course of [outcomes, otherwise, united]) {
            const { leader } = final(makeVoter(), [...heard, ...course.slice(stop + 1)]);
            expect(leader).toStrictEqual(soFar[stop]?.leader);
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
        const tally = final(makeVoter(), [cast(6, answer, 1), cast(7, answer, 1)]);
        const asCounted = toAnswer?.(answer) ?? answer;
        const names = namesOf(asCounted).map((name) => [name, 2]);
        expect(tally.leader).toStrictEqual(asCounted);
        expect(Object.entries(tally.votes)).toStrictEqual(names);
        expect(Object.getPrototypeOf(tally.votes)).toBe(Object.prototype);
        expect(Object.entries(JSON.parse(toJson(tally)).votes)).toStrictEqual(names);
      },
    );

    it('counts answers under their keys, whatever the answers are', () => {
      const key = '{"city":"Paris","country":"France"}';
      const votes = [
        { ...answered(6, key), answer: { city: 'Paris', country: 'France' } },
        { ...answered(7, key), answer: { country: 'France', city: 'Paris' } },
      ];
      const [tally] = tallies(votes as unknown as Outcome<string>[], elect({ voter: makeVoter() }));
      const names = namesOf({ city: 'Paris', country: 'France' });
      expect(tally?.votes).toStrictEqual(Object.fromEntries(names.map((name) => [name, 2])));
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
