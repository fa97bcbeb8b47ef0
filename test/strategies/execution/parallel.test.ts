import { map } from 'rxjs';
import { describe, it } from 'vitest';
import { createEnsemble, decided, parallel } from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

describe('parallel', () => {
  it(
    'asks all models at once and answers when the last of them has',
    marbles((m) => {
      const a = m.cold('---4|     ', responses);
      const aSubs = '   ^--!      ';
      const b = m.cold('-----5|   ', responses);
      const bSubs = '   ^----!    ';
      const c = m.cold('--4|      ', responses);
      const cSubs = '   ^-!       ';
      const expected = '-----(4|) ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        execution: parallel(),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'completes at the second of three agreeing answers under `decided`, and aborts the third in that frame',
    marbles((m) => {
      const a = m.cold('--4|       ', responses);
      const aSubs = '   ^-!        ';
      const b = m.cold('-----4|    ', responses);
      const bSubs = '   ^----!     ';
      const c = m.cold('---------5|', responses);
      const cSubs = '   ^----!     ';
      const expected = '-----(4|)  ';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        earlyStop: 'decided',
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'waits for the third answer where the first two disagree',
    marbles((m) => {
      const a = m.cold('--4|         ', responses);
      const b = m.cold('-----5|      ', responses);
      const c = m.cold('---------5|  ', responses);
      const cSubs = '   ^--------!   ';
      const expected = '---------(5|)';

      const ensemble = createEnsemble({
        models: [scripted('a', a), scripted('b', b), scripted('c', c)],
        earlyStop: decided(),
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(c).toHaveSubscriptions(cSubs);
    }),
  );

  it(
    'counts a failure and an abstention as votes that cannot come any more',
    marbles((m) => {
      const a = m.cold('--4|         ', responses);
      const b = m.cold('---#         ');
      const c = m.cold('-----_|      ', { _: { text: ' ' } });
      const d = m.cold('------4|     ', responses);
      const e = m.cold('---------5|  ', responses);
      const eSubs = '   ^-----!      ';
      const expected = '------(4|)   ';

      const ensemble = createEnsemble({
        models: [a, b, c, d, e].map((response$, index) => scripted(`model-${index}`, response$)),
        earlyStop: 'decided',
        minResponses: 1,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(e).toHaveSubscriptions(eSubs);
    }),
  );

  it(
    'stops at a share of the panel, not of the votes so far',
    marbles((m) => {
      const a = m.cold('-4|          ', responses);
      const b = m.cold('--4|         ', responses);
      const c = m.cold('---5|        ', responses);
      const d = m.cold('------4|     ', responses);
      const dSubs = '   ^-----!      ';
      const e = m.cold('-------4|    ', responses);
      const eSubs = '   ^------!     ';
      const f = m.cold('---------4|  ', responses);
      const fSubs = '   ^------!     ';
      const expected = '-------(4|)  ';

      // 4 of 6 is the first share of at least 0.6; 2 of 2 were all of the votes much earlier.
      const ensemble = createEnsemble({
        models: [a, b, c, d, e, f].map((response$, index) => scripted(`model-${index}`, response$)),
        earlyStop: 0.6,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(d).toHaveSubscriptions(dSubs);
      m.expect(e).toHaveSubscriptions(eSubs);
      m.expect(f).toHaveSubscriptions(fSubs);
    }),
  );

  it(
    'stops by a rule of the caller’s own, which sees the tally after each outcome',
    marbles((m) => {
      const a = m.cold('-4|      ', responses);
      const b = m.cold('--#      ');
      const c = m.cold('----5|   ', responses);
      const d = m.cold('------5| ', responses);
      const dSubs = '   ^---!    ';
      const expected = '----(4|) ';

      const ensemble = createEnsemble({
        models: [a, b, c, d].map((response$, index) => scripted(`model-${index}`, response$)),
        earlyStop: ({ successes: cast, failures: failed, pending }) =>
          cast === 2 && failed === 1 && pending === 1,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(d).toHaveSubscriptions(dSubs);
    }),
  );

  it(
    'lets no rule end an election before `minResponses` votes are cast',
    marbles((m) => {
      const a = m.cold('-4|        ', responses);
      const b = m.cold('--#        ');
      const c = m.cold('----_|     ', { _: { text: '' } });
      const d = m.cold('------4|   ', responses);
      const e = m.cold('--------4| ', responses);
      const eSubs = '   ^-----!    ';
      const expected = '------(4|) ';

      const ensemble = createEnsemble({
        models: [a, b, c, d, e].map((response$, index) => scripted(`model-${index}`, response$)),
        minResponses: 2,
        earlyStop: () => true,
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(e).toHaveSubscriptions(eSubs);
    }),
  );

  it(
    'asks for votes from half of the panel, rounded up',
    marbles((m) => {
      const a = m.cold('-4|    ', responses);
      const b = m.cold('--4|   ', responses);
      const c = m.cold('---#   ');
      const d = m.cold('----#  ');
      const e = m.cold('-----# ');
      const models = [a, b, c, d, e].map((response$, index) => scripted(`model-${index}`, response$));

      const outcome = (panelSize: number) =>
        createEnsemble({ models: models.slice(0, panelSize) })
          .predict$('?')
          .pipe(map(({ answer }) => answer));
      m.expect(outcome(4)).toBeObservable('----(4|) ');
      const error = {
        name: 'InsufficientResponsesError',
        message:
          '2 of at least 3 votes were cast (model-2, model-3, model-4 failed: the call failed with a value that is not an error)',
      };
      m.expect(outcome(5)).toBeObservable('-----# ', undefined, error);
    }),
  );
});
