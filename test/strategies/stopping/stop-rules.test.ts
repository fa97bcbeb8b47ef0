import fc from 'fast-check';
import { from, map, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  confident,
  consensus,
  decided,
  firstAnswer,
  majority,
  never,
  type Outcome,
  type StopRule,
  type Tally,
  type Voter,
  weighted,
} from '../../../src/index.ts';
import { vote } from '../../../src/operators/operators.ts';
import { abstained, answered, arrivals, failed, panelOf } from '../../outcomes.ts';

/** After which of the outcomes a rule would stop. */
const stops = (
  rule: StopRule,
  outcomes: readonly Outcome<string>[],
  voter: Voter = majority(),
): boolean[] => {
  let verdicts: boolean[] = [];
  from(outcomes)
    .pipe(vote(voter, panelOf(outcomes.length)), map(rule), toArray())
    .subscribe((all) => {
      verdicts = all;
    });
  return verdicts;
};

const T = true;
const F = false;

describe('decided', () => {
  it('stops at the second of three votes that agree, and not at the first', () => {
    expect(stops(decided(), [answered(0, '4'), answered(1, '4'), answered(2, '5')])).toStrictEqual([F, T, T]);
  });

  it('does not stop at a lead that the calls still out could level', () => {
    const votes = ['4', '4', '5', '5'].map((answer, index) => answered(index, answer));
    expect(stops(decided(), votes)).toStrictEqual([F, F, F, F]);
  });

  it('takes failures and abstentions for calls that add nothing', () => {
    expect(stops(decided(), [answered(0, '4'), failed(1), abstained(2)])).toStrictEqual([F, F, T]);
    expect(stops(decided(), [failed(0), abstained(1), answered(2, '4'), failed(3)])).toStrictEqual([
      F,
      F,
      F,
      T,
    ]);
  });

  it('weighs what the calls still out can add', () => {
    const voter = weighted({ weights: { m0: 2.5 } });
    const votes = [answered(0, '4'), answered(1, '5'), answered(2, '5')];
    expect(stops(decided(), votes, voter)).toStrictEqual([T, T, T]);
    expect(stops(decided(), [answered(0, '4', 0.5), ...votes.slice(1)], voter)).toStrictEqual([F, F, T]);
  });

  it('never stops where nobody knows how many calls are still out', () => {
    const tallies: Tally[] = [];
    from(['4', '4', '4', '4'].map((answer, index) => answered(index, answer)))
      .pipe(vote(majority()))
      .subscribe((tally) => tallies.push(tally));
    expect(tallies.map(decided())).toStrictEqual([F, F, F, F]);
  });
});

describe('consensus', () => {
  it('is reached at a share of the votes cast, from the second vote on', () => {
    const votes = ['4', '5', '4', '4'].map((answer, index) => answered(index, answer));
    expect(stops(consensus(0.7), votes)).toStrictEqual([F, F, F, T]);
    expect(stops(consensus(0), votes)).toStrictEqual([F, T, T, T]);
  });

  it('is reached at a share of the panel once it is certain', () => {
    const votes = ['4', '4', '5', '4', '4'].map((answer, index) => answered(index, answer));
    expect(stops(consensus(0.8, { of: 'panel' }), votes)).toStrictEqual([F, F, F, F, T]);
    expect(stops(consensus(0.6, { of: 'panel' }), votes)).toStrictEqual([F, F, F, T, T]);
    // A call that failed is no longer a part of the panel.
    expect(stops(consensus(1, { of: 'panel' }), [answered(0, '4'), failed(1)])).toStrictEqual([F, T]);
  });

  it('of more than half of the panel never stops at an answer that would have lost', () => {
    fc.assert(
      fc.property(arrivals(8), fc.double({ min: 0.51, max: 1, noNaN: true }), (outcomes, share) => {
        const leaders: (string | undefined)[] = [];
        from(outcomes)
          .pipe(vote<string>(weighted(), panelOf(outcomes.length)))
          .subscribe(({ leader }) => leaders.push(leader));
        const stop = stops(consensus(share, { of: 'panel' }), outcomes, weighted()).indexOf(true);
        if (stop >= 0) expect(leaders[stop]).toBe(leaders.at(-1));
      }),
    );
  });

  it('refuses shares that are none, and a whole that it does not know', () => {
    expect(() => consensus(70)).toThrow('consensus: option "share" must be a number from 0 to 1, but got 70');
    expect(() => consensus(0.7, { of: 'all' as 'cast' })).toThrow("must be 'cast', 'panel', but got \"all\"");
  });
});

describe('confident', () => {
  it('stops at a vote for the leader that is sure enough, not at one against it', () => {
    const votes = [answered(0, '4', 0.5), answered(1, '4'), answered(2, '5', 0.95), answered(3, '4', 0.9)];
    expect(stops(confident(0.9), votes)).toStrictEqual([F, F, F, T]);
    expect(stops(confident(0.95), votes)).toStrictEqual([F, F, F, F]);
  });

  it('never stops where no vote has a confidence', () => {
    expect(stops(confident(0), [answered(0, '4'), answered(1, '4')])).toStrictEqual([F, F]);
  });
});

describe('firstAnswer', () => {
  it('stops at the first vote, which a failure and an abstention are not', () => {
    const outcomes = [failed(0), abstained(1), answered(2, '4'), failed(3)];
    expect(stops(firstAnswer(), outcomes)).toStrictEqual([F, F, T, T]);
  });
});

describe('anyOf, allOf and never', () => {
  const votes = ['4', '4', '5', '4'].map((answer, index) => answered(index, answer, index / 3));

  it('stop when any, all and none of the rules do', () => {
    expect(stops(decided(), votes)).toStrictEqual([F, F, F, T]);
    expect(stops(consensus(1), votes)).toStrictEqual([F, T, F, F]);
    expect(stops(anyOf(decided(), consensus(1)), votes)).toStrictEqual([F, T, F, T]);
    expect(stops(allOf(consensus(0.6), confident(1)), votes)).toStrictEqual([F, F, F, T]);
    expect(stops(never(), votes)).toStrictEqual([F, F, F, F]);
  });

  it('are `or` and `and`, for any rules and votes', () => {
    const rules = [never(), firstAnswer(), decided(), consensus(0.7), confident(0.5)];
    fc.assert(
      fc.property(arrivals(6), fc.subarray(rules, { minLength: 1 }), (outcomes, chosen) => {
        const verdicts = chosen.map((rule) => stops(rule, outcomes));
        const at = (index: number) => verdicts.map((verdict) => verdict[index]);
        expect(stops(anyOf(...chosen), outcomes)).toStrictEqual(
          outcomes.map((_, index) => at(index).includes(true)),
        );
        expect(stops(allOf(...chosen), outcomes)).toStrictEqual(
          outcomes.map((_, index) => !at(index).includes(false)),
        );
      }),
    );
  });

  it.each([anyOf, allOf])('are refused without a rule, and with what is none', (combine) => {
    expect(() => combine()).toThrow(/expected at least one stop rule, such as decided\(\), but got none/);
    expect(() => combine(decided(), 0.8 as never)).toThrow(
      /option "rules\[1\]" must be a function, but got 0.8/,
    );
  });
});
