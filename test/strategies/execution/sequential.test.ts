import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, sequential } from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

describe('sequential', () => {
  it(
    'asks one model after the other and never the third once two agree',
    marbles((m) => {
      const a = m.cold('--4|       ', responses);
      const aSubs = '   ^-!        ';
      const b = m.cold('  ---4|    ', responses);
      const bSubs = '   --^--!     ';
      const c = m.cold('           ');
      const expected = '-----(4|)  ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: 'sequential',
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it(
    'goes on while too few agree, and never stops at a single vote',
    marbles((m) => {
      const a = m.cold('--4|                ', responses);
      const b = m.cold('  -#                ');
      const bSubs = '   --^!                ';
      const c = m.cold('   ---5|            ', responses);
      const cSubs = '   ---^--!             ';
      const d = m.cold('      --4|          ', responses);
      const dSubs = '   ------^-!           ';
      const e = m.cold('        -4|         ', responses);
      const eSubs = '   --------^!          ';
      const f = m.cold('                    ');
      const expected = '---------(4|)       ';

      // 1 of 1, 1 of 2, 2 of 3, 3 of 4: the last is the first share of at least 0.7 among two votes or more.
      const ensemble = createEnsemble({
        models: [a, b, c, d, e, f].map((response$, index) => scripted(`model-${index}`, response$)),
        execution: sequential({ minConsensus: 0.7 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
      m.expect(d).toHaveSubscriptions(dSubs);
      m.expect(e).toHaveSubscriptions(eSubs);
      m.expect(f).toHaveSubscriptions([]);
    }),
  );

  it(
    'waits for as many votes as `minResponses` says, even where they all agree',
    marbles((m) => {
      const a = m.cold('-4|           ', responses);
      const b = m.cold(' -4|          ', responses);
      const c = m.cold('  -4|         ', responses);
      const cSubs = '   --^!          ';
      const d = m.cold('              ');
      const expected = '---(4|)       ';

      const ensemble = createEnsemble({
        models: [a, b, c, d].map((response$, index) => scripted(`model-${index}`, response$)),
        execution: 'sequential',
        minResponses: 3,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(c).toHaveSubscriptions(cSubs);
      m.expect(d).toHaveSubscriptions([]);
    }),
  );

  it(
    'combines with `earlyStop`: whichever rule holds first',
    marbles((m) => {
      const a = m.cold('-4|           ', responses);
      const b = m.cold(' -5|          ', responses);
      const c = m.cold('  -4|         ', responses);
      const d = m.cold('              ');
      const expected = '---(4|)       ';

      const ensemble = createEnsemble({
        models: [a, b, c, d].map((response$, index) => scripted(`model-${index}`, response$)),
        execution: sequential({ minConsensus: 1 }),
        earlyStop: ({ lead }) => lead === 2,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(d).toHaveSubscriptions([]);
    }),
  );

  it(
    'goes on to the next model when one does not answer in time',
    marbles((m) => {
      const a = m.cold('----------4| ', responses);
      const aSubs = '   ^----!       ';
      const b = m.cold('     -4|     ', responses);
      const bSubs = '   -----^!      ';
      const c = m.cold('      -4|    ', responses);
      const expected = '-------(4|)  ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: 'sequential',
        timeoutMs: 5,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it('refuses a share that is none', () => {
    expect(() => sequential({ minConsensus: 1.1 })).toThrow(
      'sequential: option "minConsensus" must be a number from 0 to 1, but got 1.1',
    );
  });
});
