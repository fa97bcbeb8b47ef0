import { catchError, map, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createEnsemble, hedged } from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

describe('hedged', () => {
  it(
    'asks nobody else when the first model answers before the delay',
    marbles((m) => {
      const a = m.cold('--4|       ', responses);
      const aSubs = '   ^-!        ';
      const b = m.cold('           ');
      const expected = '--(4|)     ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedged({ hedgeDelayMs: 3 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions([]);
    }),
  );

  it(
    'starts the backup at the delay, takes its answer, and cancels the slow call',
    marbles((m) => {
      const a = m.cold('---------4|', responses);
      const aSubs = '   ^----!     ';
      const b = m.cold('   --5|    ', responses);
      const bSubs = '   ---^-!     ';
      const c = m.cold('           ');
      const expected = '-----(p|)  ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: hedged({ hedgeDelayMs: 3 }),
      });
      const result$ = ensemble.predict$('?').pipe(
        map(({ answer, metadata, outcomes }) => ({
          answer,
          latencyMs: metadata.latencyMs,
          cancelled: metadata.cancelled,
          outcomes: outcomes.map(({ model, status, latencyMs }) => [model, status, latencyMs]),
        })),
      );
      m.expect(result$).toBeObservable(expected, {
        p: {
          answer: '5',
          latencyMs: 5,
          cancelled: 1,
          outcomes: [
            ['a', 'cancelled', 5],
            ['b', 'answered', 2],
          ],
        },
      });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it(
    'takes the answer of the slow call where that comes first, and cancels the backup',
    marbles((m) => {
      const a = m.cold('----4|     ', responses);
      const aSubs = '   ^---!      ';
      const b = m.cold('   ----5|  ', responses);
      const bSubs = '   ---^!      ';
      const expected = '----(4|)   ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedged({ hedgeDelayMs: 3 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'starts the backup at once when the first call fails',
    marbles((m) => {
      const a = m.cold('-#         ');
      const aSubs = '   ^!         ';
      const b = m.cold(' --5|      ', responses);
      const bSubs = '   -^-!       ';
      const expected = '---(5|)    ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedged({ hedgeDelayMs: 9 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'starts the backup at once when the first call fails within its own subscription',
    marbles((m) => {
      const a = throwError(() => new Error('refused'));
      const b = m.cold('--5|       ', responses);
      const bSubs = '   ^-!        ';
      const c = m.cold('           ');
      const expected = '--(5|)     ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: hedged({ hedgeDelayMs: 9 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it(
    'starts one backup after the other at once where each fails within its own subscription',
    marbles((m) => {
      const refused = throwError(() => new Error('refused'));
      const d = m.cold('--5|       ', responses);
      const dSubs = '   ^-!        ';
      const e = m.cold('           ');
      const expected = '--(5|)     ';

      const ensemble = createEnsemble({
        models: [
          ...['a', 'b', 'c'].map((id) => scripted(id, refused)),
          ...[d, e].map((response$, index) => scripted(`backup-${index}`, response$)),
        ],
        execution: hedged({ hedgeDelayMs: 9, maxHedges: 4 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(d).toHaveSubscriptions(dSubs);
      m.expect(e).toHaveSubscriptions([]);
    }),
  );

  it(
    'starts the backup at once when the first model abstains',
    marbles((m) => {
      const a = m.cold('-_|        ', { _: { text: ' ' } });
      const b = m.cold(' --5|      ', responses);
      const bSubs = '   -^-!       ';
      const expected = '---(5|)    ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedged({ hedgeDelayMs: 9 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'starts the backup at once when the first call times out',
    marbles((m) => {
      const a = m.cold('---------4| ', responses);
      const aSubs = '   ^---!       ';
      const b = m.cold('    --5|    ', responses);
      const bSubs = '   ----^-!     ';
      const expected = '------(5|)  ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedged({ hedgeDelayMs: 9 }),
        timeoutMs: 4,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
    }),
  );

  it(
    'brings the next start forward when a hedge fails while others are out',
    marbles((m) => {
      const a = m.cold('------------4| ', responses);
      const aSubs = '   ^---------!    ';
      const b = m.cold('     --#       ', responses);
      const bSubs = '   -----^-!       ';
      const c = m.cold('       ---5|   ', responses);
      const cSubs = '   -------^--!    ';
      const expected = '----------(5|) ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: hedged({ hedgeDelayMs: 5 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'starts one more model for each failure, two for two in one frame',
    marbles((m) => {
      const a = m.cold('-----#          ');
      const b = m.cold('  ---#          ');
      const bSubs = '   --^--!          ';
      const c = m.cold('    ---------4| ', responses);
      const cSubs = '   ----^--!        ';
      const d = m.cold('     --5|       ', responses);
      const dSubs = '   -----^-!        ';
      const e = m.cold('     ---5|      ', responses);
      const eSubs = '   -----^-!        ';
      const f = m.cold('                ');
      const expected = '-------(5|)     ';

      const ensemble = createEnsemble({
        models: [a, b, c, d, e, f].map((response$, index) => scripted(`model-${index}`, response$)),
        execution: hedged({ hedgeDelayMs: 2, maxHedges: 4 }),
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
    'asks no more than `maxHedges` models besides the first, however slow or failing',
    marbles((m) => {
      const a = m.cold('-----#     ');
      const b = m.cold('  --#      ');
      const bSubs = '   --^-!      ';
      const c = m.cold('           ');
      const expected = '-----(e|)  ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: hedged({ hedgeDelayMs: 2, maxHedges: 1 }),
      });
      const name$ = ensemble.predict$('?').pipe(
        map(({ answer }) => answer),
        catchError((error: Error) => of(error.name)),
      );
      m.expect(name$).toBeObservable(expected, { e: 'AllModelsFailedError' });
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions([]);
    }),
  );

  it(
    'asks the first model alone where `maxHedges` is 0',
    marbles((m) => {
      const a = m.cold('---------4|', responses);
      const b = m.cold('           ');
      const expected = '---------(4|)';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedged({ hedgeDelayMs: 2, maxHedges: 0 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(b).toHaveSubscriptions([]);
    }),
  );

  it(
    'starts all models at once where the delay is 0',
    marbles((m) => {
      const a = m.cold('----4|     ', responses);
      const aSubs = '   ^-!        ';
      const b = m.cold('---5|      ', responses);
      const bSubs = '   ^-!        ';
      const c = m.cold('--6|       ', responses);
      const cSubs = '   ^-!        ';
      const expected = '--(6|)     ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: hedged({ hedgeDelayMs: 0 }),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it.each([-1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY, '5' as unknown as number])(
    'refuses a delay of %s',
    (hedgeDelayMs) => {
      expect(() => hedged({ hedgeDelayMs })).toThrow(
        /^hedged: option "hedgeDelayMs" must be a number of milliseconds from 0 to 2147483647, but got /,
      );
    },
  );
});
