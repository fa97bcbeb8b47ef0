import { map, mergeMap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, type Outcome, staggered } from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

describe('staggered', () => {
  it(
    'starts one call after the other at the gap, and ends none of them itself',
    marbles((m) => {
      const a = m.cold('--------4|     ', responses);
      const aSubs = '   ^-------!      ';
      const b = m.cold('   ---5|       ', responses);
      const bSubs = '   ---^--!        ';
      const c = m.cold('      ------4| ', responses);
      const cSubs = '   ------^-----!  ';
      const expected = '------------(4|)';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: { schedule: staggered(3) },
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'starts the next call at once where nothing is out and nobody has had enough',
    marbles((m) => {
      const a = m.cold('-4|          ', responses);
      const b = m.cold(' -4|         ', responses);
      const bSubs = '   -^!          ';
      const expected = '--(4|)       ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: { schedule: staggered(3) },
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'runs anew for each subscription',
    marbles((m) => {
      const failed = { status: 'failed', model: 'a' } as Outcome;
      const answered = { status: 'answered', model: 'b' } as Outcome;
      const a = m.cold('  -(f|)        ', { f: failed });
      const aSubs = ['    ^!           ', '     ----^!      '];
      const b = m.cold('   -(a|)       ', { a: answered });
      const bSubs = ['    -^!          ', '     -----^!     '];
      const starts = '    x---(x|)     ';
      const expected = '  -fa--f(a|)   ';

      const outcomes$ = staggered(9)([a, b]);
      const both$ = m.cold(starts).pipe(mergeMap(() => outcomes$));
      m.expect(both$).toBeObservable(expected, { f: failed, a: answered });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it('refuses a gap that timers cannot wait for', () => {
    expect(() => staggered(2 ** 31)).toThrow('staggered: option "gapMs"');
  });
});
