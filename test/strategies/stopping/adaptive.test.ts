import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { adaptive, majority, type Outcome, type Tally } from '../../../src/index.ts';
import { elect } from '../../../src/operators/operators.ts';
import { marbles } from '../../marbles.ts';
import { answered } from '../../outcomes.ts';

const tallyOf = (lead: number, runnerUp: number): Tally => ({ lead, runnerUp }) as Tally;

const votesOf = (answers: Readonly<Record<string, string>>): Readonly<Record<string, Outcome<string>>> =>
  Object.fromEntries(Object.entries(answers).map(([mark, answer], index) => [mark, answered(index, answer)]));

/** P = Σ_{j≤a} C(a+b+1, j) / 2^(a+b+1), to 40 bits after the point, in whole numbers throughout. */
const exactProbability = (a: number, b: number): number => {
  const n = BigInt(a + b + 1);
  let term = 1n;
  let sum = 0n;
  for (let j = 0n; j <= BigInt(a); j += 1n) {
    sum += term;
    term = (term * (n - j)) / (j + 1n);
  }
  return Number((sum << 52n) >> n) / 2 ** 52;
};

/** The highest threshold at which the rule still stops: the probability that it works with. */
const probabilityOf = (lead: number, runnerUp: number): number => {
  const tally = tallyOf(lead, runnerUp);
  let [stops, goesOn] = [0.5, 1];
  for (let step = 0; step < 45; step += 1) {
    const middle = (stops + goesOn) / 2;
    if (adaptive({ threshold: middle })(tally)) stops = middle;
    else goesOn = middle;
  }
  return stops;
};

describe('adaptive', () => {
  it('gives .96875 for four votes to none and .9375 for three, so that the default stops at four', () => {
    expect(probabilityOf(4, 0)).toBeCloseTo(0.96875, 12);
    expect(probabilityOf(3, 0)).toBeCloseTo(0.9375, 12);
    expect(adaptive()(tallyOf(4, 0))).toBe(true);
    expect(adaptive()(tallyOf(3, 0))).toBe(false);
  });

  it('is exact for all counts up to 60', () => {
    for (let lead = 0; lead <= 60; lead += 1) {
      for (let runnerUp = 0; runnerUp <= lead; runnerUp += 1) {
        const difference = Math.abs(probabilityOf(lead, runnerUp) - exactProbability(lead, runnerUp));
        expect(difference, `${lead} to ${runnerUp}`).toBeLessThan(1e-12);
      }
    }
  });

  it('stays exact where 2 to the number of votes is beyond what a number can hold', () => {
    expect(probabilityOf(700, 640)).toBeCloseTo(exactProbability(700, 640), 9);
    expect(probabilityOf(5000, 4900)).toBeCloseTo(exactProbability(5000, 4900), 9);
    expect(adaptive({ threshold: 1 })(tallyOf(5000, 0))).toBe(true);
  });

  it('goes on at a tie, and wherever the runner-up is ahead', () => {
    for (let votes = 0; votes <= 200; votes += 1) {
      expect(adaptive({ threshold: 0.51 })(tallyOf(votes, votes))).toBe(false);
      expect(adaptive({ threshold: 0.51 })(tallyOf(votes, votes + 3))).toBe(false);
    }
  });

  it('rounds weights against the leader', () => {
    expect(adaptive()(tallyOf(3.9, 0))).toBe(false);
    expect(adaptive()(tallyOf(4.9, 0.1))).toBe(adaptive()(tallyOf(4, 1)));
  });

  it(
    'counts the votes for the runner-up of a majority',
    marbles((m) => {
      // 3 to 1 is 0.81, 4 to 1 is 0.89; 3 to 0 would be 0.94.
      const votes = m.cold('-a-b-c-d-e-f|  ', votesOf({ a: '4', b: '5', c: '4', d: '4', e: '4', f: '4' }));
      const votesSubs = '   ^--------!     ';
      const expected = '    ---------(r|)  ';

      const result$ = votes.pipe(
        elect({ voter: majority(), stopWhen: adaptive({ threshold: 0.85 }) }),
        map(({ leader, lead, runnerUp }) => `${leader}, ${lead} to ${runnerUp}`),
      );
      m.expect(result$).toBeObservable(expected, { r: '4, 4 to 1' });
      m.expect(votes).toHaveSubscriptions(votesSubs);
    }),
  );

  it.each([0.4, 1.01, Number.NaN])('refuses a threshold of %s', (threshold) => {
    expect(() => adaptive({ threshold })).toThrow(
      `adaptive: option "threshold" must be a number from 0.5 to 1, but got ${threshold}`,
    );
  });
});
