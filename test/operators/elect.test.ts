import assert from 'node:assert';
import fc from 'fast-check';
import {
  asyncScheduler,
  concatMap,
  EMPTY,
  finalize,
  from,
  last,
  map,
  type Observable,
  of,
  range,
  Subject,
  tap,
  throwError,
  timer,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  adaptive,
  anyOf,
  bestConfidence,
  confident,
  consensus,
  decided,
  firstAnswer,
  majority,
  never,
  type Outcome,
  type StopRule,
  type Tally,
  unanimous,
  type Voter,
  weighted,
} from '../../src/index.ts';
import { elect, stopWhen, vote } from '../../src/operators/operators.ts';
import { marbles } from '../marbles.ts';
import { answered, arrivals, panelOf } from '../outcomes.ts';

const rules: Readonly<Record<string, StopRule>> = {
  never: never(),
  firstAnswer: firstAnswer(),
  decided: decided(),
  'consensus(0.7)': consensus(0.7),
  'consensus(0.6) of the panel': consensus(0.6, { of: 'panel' }),
  'confident(0.5)': confident(0.5),
  'adaptive(0.8)': adaptive({ threshold: 0.8 }),
  'anyOf(decided, confident)': anyOf(decided(), confident(0.9)),
};

const voters: Readonly<Record<string, () => Voter>> = {
  majority,
  weighted: () => weighted({ weights: { m0: 3, m1: 0.5 } }),
  bestConfidence,
  unanimous,
};

/** Everything that can be told of an election from outside: what happened when, and the tally. */
interface Course {
  readonly log: readonly string[];
  readonly tally: Tally | undefined;
}

/** Runs outcomes through an election in virtual time; after a gap of 0 an outcome comes synchronously. */
const courseOf = (
  outcomes: readonly Outcome<string>[],
  gapsMs: readonly number[],
  election: (source$: Observable<Outcome<string>>) => Observable<Tally<string>>,
): Course =>
  new TestScheduler(() => {}).run(({ flush }) => {
    const log: string[] = [];
    const note = (what: string) => log.push(`${asyncScheduler.now()} ${what}`);
    let tally: Tally | undefined;
    const source$ = from(outcomes).pipe(
      concatMap((outcome, index) => {
        const gapMs = gapsMs[index] ?? 0;
        return gapMs === 0 ? of(outcome) : timer(gapMs).pipe(map(() => outcome));
      }),
      tap((outcome) => note(`heard ${outcome.model}`)),
      finalize(() => note('let go of the source')),
    );
    election(source$).subscribe({
      next: (value) => {
        note('elected');
        tally = value;
      },
      error: () => note('failed'),
      complete: () => note('completed'),
    });
    flush();
    return { log, tally };
  });

describe('elect', () => {
  it('gives what vote, stopWhen and last give, for any outcomes, rules and voters, and lets go as early', () => {
    const elections = fc.record({
      outcomes: arrivals(7),
      gapsMs: fc.array(fc.constantFrom(0, 0, 1, 5), { minLength: 7, maxLength: 7 }),
      rule: fc.constantFrom(...Object.keys(rules)),
      voter: fc.constantFrom(...Object.keys(voters)),
    });
    let ended = 0;
    fc.assert(
      fc.property(elections, ({ outcomes, gapsMs, rule, voter: name }) => {
        const voter = (voters[name] ?? majority)();
        const stop = rules[rule] ?? never();
        const panel = panelOf(outcomes.length);
        const fused = courseOf(outcomes, gapsMs, elect({ voter, stopWhen: stop, panel }));
        const oracle = courseOf(outcomes, gapsMs, (source$) =>
          source$.pipe(vote<string>(voter, panel), stopWhen(stop), last()),
        );
        expect(JSON.stringify(fused.tally)).toBe(JSON.stringify(oracle.tally));
        expect(fused.tally?.leadingVote).toBe(oracle.tally?.leadingVote);
        // Everything happens at the same times; elect lets go of the source first, see below.
        expect(fused.log.toSorted()).toStrictEqual(oracle.log.toSorted());
        if (fused.log.filter((line) => line.includes('heard')).length < outcomes.length) ended += 1;
      }),
      { numRuns: 2000 },
    );
    expect(ended).toBeGreaterThan(200);
  });

  it(
    'lets go of its source in the frame of the outcome that decides',
    marbles((m) => {
      const source = m.cold('-a--b-c-|', { a: answered(0, '4'), b: answered(1, '4'), c: answered(2, '5') });
      const subs = '         ^---!    ';
      const expected = '     ----(4|) ';

      const result$ = source.pipe(
        elect({ voter: majority(), stopWhen: decided(), panel: panelOf(3) }),
        map(({ leader }) => leader),
      );
      m.expect(result$).toBeObservable(expected);
      m.expect(source).toHaveSubscriptions(subs);
    }),
  );

  it('has let go of its source by the time it tells the result, or an error', () => {
    const source = new Subject<Outcome>();
    const observed: boolean[] = [];
    source
      .pipe(elect({ voter: majority(), stopWhen: firstAnswer() }))
      .subscribe(() => observed.push(source.observed));
    expect(source.observed).toBe(true);
    source.next(answered(0, '4'));

    const failing = { ...majority(), add: () => assert.fail('a bug') };
    source.pipe(elect({ voter: failing })).subscribe({ error: () => observed.push(source.observed) });
    expect(source.observed).toBe(true);
    source.next(answered(0, '4'));
    expect(observed).toStrictEqual([false, false]);
  });

  it('stops a synchronous source at the outcome that decides', () => {
    let heard = 0;
    const source$ = range(0, 1_000_000).pipe(
      tap(() => {
        heard += 1;
      }),
      map((index) => answered(index, '4')),
    );
    const leads: number[] = [];
    source$
      .pipe(elect({ voter: majority(), stopWhen: ({ lead }) => lead === 3 }))
      .subscribe(({ lead }) => leads.push(lead));
    expect(leads).toStrictEqual([3]);
    expect(heard).toBe(3);
  });

  it('gives one tally, without a leader, where nothing was heard', () => {
    const tallies: Tally[] = [];
    EMPTY.pipe(elect({ voter: majority(), panel: panelOf(2) })).subscribe((tally) => tallies.push(tally));
    expect(tallies).toHaveLength(1);
    expect(tallies[0]).toMatchObject({ leader: undefined, successes: 0, pending: 2, outcome: undefined });
  });

  it('counts anew for each subscriber', () => {
    const tally$ = of(answered(0, '4'), answered(1, '4')).pipe(elect({ voter: majority() }));
    const leads: number[] = [];
    tally$.subscribe(({ lead }) => leads.push(lead));
    tally$.subscribe(({ lead }) => leads.push(lead));
    expect(leads).toStrictEqual([2, 2]);
  });

  it('passes on the error of its source, and what a rule throws, once', () => {
    const errors: unknown[] = [];
    const failure = new Error('from the source');
    throwError(() => failure)
      .pipe(elect({ voter: majority() }))
      .subscribe({ error: (error) => errors.push(error) });
    const bug = new Error('from the rule');
    const rule = () => {
      throw bug;
    };
    of(answered(0, '4'), answered(1, '4'))
      .pipe(elect({ voter: majority(), stopWhen: rule }))
      .subscribe({ error: (error) => errors.push(error) });
    expect(errors).toStrictEqual([failure, bug]);
  });
});
