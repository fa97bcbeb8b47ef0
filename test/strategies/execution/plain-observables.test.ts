import { merge, mergeMap, type Observable, take, takeWhile } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  type Call,
  cascade,
  hedged,
  hedgeEach,
  type Outcome,
  parallel,
  type Schedule,
  sequential,
  staggered,
} from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { abstained, answered, failed } from '../../outcomes.ts';

/** What the Observables of these tests emit: answers of models 0 to 2, an abstention, a failure. */
const outcomes: Readonly<Record<string, Outcome<string>>> = {
  a: answered(0, '4', 0.6),
  b: answered(1, '4', 0.95),
  c: answered(2, '5'),
  n: abstained(0),
  x: failed(0),
};

describe('a schedule of plain Observables', () => {
  it(
    'asks all at once, in parallel',
    marbles((m) => {
      const a = m.cold(' ---(a|)  ', outcomes);
      const aSubs = '    ^--!      ';
      const b = m.cold(' -(b|)    ', outcomes);
      const bSubs = '    ^!        ';
      const expected = ' -b-(a|)   ';

      m.expect(parallel().schedule([a, b])).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it.each([
    ['sequential', sequential().schedule],
    ['cascade', cascade().schedule],
  ])('asks one after the other: %s', (_, schedule) => {
    marbles((m) => {
      const a = m.cold(' --(a|)    ', outcomes);
      const aSubs = '    ^-!        ';
      const b = m.cold('   --(x|)  ', outcomes);
      const bSubs = '    --^-!      ';
      const c = m.cold('     -(c|) ', outcomes);
      const cSubs = '    ----^!     ';
      const expected = ' --a-x(c|)  ';

      m.expect(schedule([a, b, c])).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    })();
  });

  it(
    'asks no more than are wanted',
    marbles((m) => {
      const a = m.cold(' --(a|)   ', outcomes);
      const b = m.cold('   --(b|) ', outcomes);
      const bSubs = '    --^!      ';
      const unsubscribe = '---!      ';

      m.expect(sequential().schedule([a, b]), unsubscribe).toBeObservable('--a', outcomes);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'asks the next one as well while the first is late, hedged',
    marbles((m) => {
      const a = m.cold(' --------(a|)  ', outcomes);
      const aSubs = '    ^-----!        ';
      const b = m.cold('    ---(b|)    ', outcomes);
      const bSubs = '    ---^--!        ';
      const c = m.cold('                ');
      const expected = ' ------(b|)     ';

      const answer$ = hedged({ hedgeDelayMs: 3 }).schedule([a, b, c]).pipe(take(1));
      m.expect(answer$).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it(
    'asks the next one at once after a failure or an abstention, hedged',
    marbles((m) => {
      const a = m.cold(' -(x|)      ', outcomes);
      const b = m.cold('  -(n|)     ', outcomes);
      const bSubs = '    -^!         ';
      const c = m.cold('   --(c|)   ', outcomes);
      const cSubs = '    --^-!       ';
      const expected = ' -xn-(c|)    ';

      const unanswered = ({ status }: Outcome) => status !== 'answered';
      const answer$ = hedged({ hedgeDelayMs: 9 }).schedule([a, b, c]).pipe(takeWhile(unanswered, true));
      m.expect(answer$).toBeObservable(expected, outcomes);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'repeats the same one while it is late, hedged to the same',
    marbles((m) => {
      const a = m.cold(' -----(a|)  ', outcomes);
      const aSubs = ['   ^----!      ', '    ---^-!    '];
      const b = m.cold('             ');
      const expected = ' -----a      ';
      const unsubscribe = '------!    ';

      const outcome$ = hedged({ hedgeDelayMs: 3, to: 'same', maxHedges: 1 }).schedule([a, b]);
      m.expect(outcome$, unsubscribe).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
    }),
  );

  it.each([
    ['hedged', hedged({ hedgeDelayMs: 9 }).schedule],
    ['staggered', staggered(9)],
  ])('asks the next one at once after one that ends without an outcome: %s', (_, schedule) => {
    marbles((m) => {
      const a = m.cold(' -|           ', outcomes);
      const aSubs = '    ^!            ';
      const b = m.cold('  --(b|)      ', outcomes);
      const bSubs = '    -^-!          ';
      const expected = ' ---(b|)       ';

      m.expect(schedule([a, b])).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    })();
  });

  it(
    'asks the next one after one that ends without an outcome, hedged to the same',
    marbles((m) => {
      const a = m.cold(' -|           ', outcomes);
      const aSubs = ['   ^!            ', '    ---^!         '];
      const b = m.cold('       --(b|) ', outcomes);
      const expected = ' --------(b|)  ';

      const { schedule } = hedged({ hedgeDelayMs: 3, to: 'same', maxHedges: 1 });
      m.expect(schedule([a, b])).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
    }),
  );

  it(
    'starts no other for one that ends without an outcome while another is in flight, staggered',
    marbles((m) => {
      const a = m.cold(' -----(a|)    ', outcomes);
      const b = m.cold('   -|         ', outcomes);
      const c = m.cold('     ---(c|)  ', outcomes);
      const cSubs = '    ----^--!      ';
      const expected = ' -----a-(c|)   ';

      m.expect(staggered(2)([a, b, c])).toBeObservable(expected, outcomes);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'learns the delay of each by its place, hedged',
    marbles((m) => {
      const quick = m.cold('---(a|)               ', outcomes);
      const slow = m.cold('           ------(a|)  ', outcomes);
      // Late after 4 ms, since the call before took 3, and not after 9.
      const backup = m.cold('             -(b|)   ', outcomes);
      const backupSubs = '   --------------^!      ';
      const starts = '       x---------(y|)        ';
      const expected = '     ---a-----------(b|)   ';

      const delay = { warmUpCalls: 1, minMs: 4 };
      const { schedule } = hedged({ hedgeDelayMs: 9, delay, maxExtraRatio: 1 });
      const answers$ = m
        .cold(starts, { x: quick, y: slow })
        .pipe(mergeMap((first) => schedule([first, backup]).pipe(take(1))));
      m.expect(answers$).toBeObservable(expected, outcomes);
      m.expect(backup).toHaveSubscriptions(backupSubs);
    }),
  );

  it(
    'repeats each call that is late, under hedgeEach',
    marbles((m) => {
      const a = m.cold(' -(a|)         ', outcomes);
      const aSubs = '    ^!             ';
      const b = m.cold(' -----(b|)     ', outcomes);
      const bSubs = ['   ^----!         ', '    ---^-!       '];
      const expected = ' -a---(b|)      ';

      const outcome$ = hedgeEach({ hedgeDelayMs: 3 })(parallel()).schedule([a, b]);
      m.expect(outcome$).toBeObservable(expected, outcomes);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'starts one after the other at the gap, staggered',
    marbles((m) => {
      const a = m.cold(' -----(a|)  ', outcomes);
      const b = m.cold('   -(b|)    ', outcomes);
      const bSubs = '    --^!        ';
      const expected = ' ---b-(a|)   ';

      m.expect(staggered(2)([a, b])).toBeObservable(expected, outcomes);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'uses the parts that an Observable has',
    marbles((m) => {
      const a = m.cold(' ------(a|)  ', outcomes);
      const b = m.cold(' --(b|)      ', outcomes);
      const c = m.cold(' --(c|)      ', outcomes);
      const extra = m.cold(' -(c|)   ', outcomes);
      const extraSubs = '---^!        ';
      const at = (provider: string, call$: Observable<Outcome<string>>, parts: Partial<Call<string>> = {}) =>
        Object.assign(call$, { model: { id: provider, provider }, ...parts });

      const calls = [at('one', a), at('one', b), at('two', c, { extra })];
      const answer$ = hedged({ hedgeDelayMs: 3 }).schedule(calls).pipe(take(1));
      m.expect(answer$).toBeObservable('----(c|)', outcomes);
      m.expect(b).toHaveSubscriptions([]);
      m.expect(extra).toHaveSubscriptions(extraSubs);
    }),
  );

  it('takes a schedule that knows of nothing but Observables', () => {
    const twoAtATime = <Answer>(calls: readonly Observable<Outcome<Answer>>[]): Observable<Outcome<Answer>> =>
      merge(...calls, 2);
    const schedule: Schedule = twoAtATime;
    expect(schedule([])).toBeDefined();
  });
});
