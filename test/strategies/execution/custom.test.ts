import { concat, EMPTY, map, merge } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  anyOf,
  bestConfidence,
  consensus,
  createEnsemble,
  decided,
  defineModel,
  type Execution,
  majority,
  parallel,
  type Schedule,
} from '../../../src/index.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

describe('an execution of one’s own', () => {
  it(
    'is a schedule and a stop rule: two calls at a time, until the outcome is decided',
    marbles((m) => {
      const a = m.cold('--4|          ', responses);
      const aSubs = '   ^-!           ';
      const b = m.cold('-----4|       ', responses);
      const bSubs = '   ^----!        ';
      const c = m.cold('  ----4|      ', responses);
      const cSubs = '   --^---!       ';
      const d = m.cold('     ----5|   ', responses);
      const dSubs = '   -----^!       ';
      const e = m.cold('              ');
      const expected = '------(4|)    ';

      const ensemble = createEnsemble({
        models: [a, b, c, d, e].map((response$, index) => scripted(`model-${index}`, response$)),
        execution: { name: 'two at a time', schedule: (calls) => merge(...calls, 2), earlyStop: decided() },
      });
      m.expect(
        ensemble.predict$('?').pipe(map(({ answer, metadata }) => `${answer}, ${metadata.execution}`)),
      ).toBeObservable(expected, { 4: '4, two at a time' });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(b).toHaveSubscriptions(bSubs);
      m.expect(c).toHaveSubscriptions(cSubs);
      m.expect(d).toHaveSubscriptions(dSubs);
      m.expect(e).toHaveSubscriptions([]);
    }),
  );

  it(
    'may ask a second round only where the first does not agree',
    marbles((m) => {
      const a = m.cold('--4|        ', responses);
      const b = m.cold('---5|       ', responses);
      const c = m.cold('   --5|     ', responses);
      const cSubs = '   ---^-!      ';
      const d = m.cold('   ----4|   ', responses);
      const dSubs = '   ---^-!      ';
      const expected = '-----(5|)   ';

      const rounds: Schedule = (calls) => concat(merge(...calls.slice(0, 2)), merge(...calls.slice(2)));
      const ensemble = createEnsemble({
        models: [a, b, c, d].map((response$, index) => scripted(`model-${index}`, response$)),
        execution: { schedule: rounds, earlyStop: anyOf(decided(), consensus(0.6)) },
      });
      m.expect(ensemble.predict$('?').pipe(map(({ answer }) => answer))).toBeObservable(expected);
      m.expect(c).toHaveSubscriptions(cSubs);
      m.expect(d).toHaveSubscriptions(dSubs);
    }),
  );

  it('brings a strategy, which that of the ensemble and of a prediction replaces', async () => {
    const models = [
      defineModel('a', () => ({ text: '4', confidence: 0.9 })),
      defineModel('b', () => ({ text: '5', confidence: 0.1 })),
      defineModel('c', () => ({ text: '5', confidence: 0.1 })),
    ];
    const execution = { ...parallel(), strategy: bestConfidence() };
    const ensemble = createEnsemble({ models, execution });
    expect((await ensemble.predict('?')).answer).toBe('4');
    expect((await ensemble.predict('?', { strategy: 'majority' })).answer).toBe('5');
    expect((await ensemble.predict('?', { execution: 'parallel' })).answer).toBe('5');
    expect((await createEnsemble({ models, execution, strategy: 'majority' }).predict('?')).answer).toBe('5');
    expect((await createEnsemble({ models }).predict('?', { execution })).answer).toBe('4');
  });

  it.each(['majority', majority, {}])('is refused with a strategy that is no voter: %o', (strategy) => {
    const execution = { ...parallel(), strategy } as unknown as Execution;
    expect(() => createEnsemble({ models: [defineModel('a', () => '4')], execution })).toThrow(
      'option "execution" must be',
    );
  });

  it(
    'has no prediction, and says so, where its schedule calls nobody',
    marbles((m) => {
      const a = m.cold('          ');
      const ensemble = createEnsemble({
        models: [scripted('a', a)],
        execution: { schedule: () => EMPTY },
      });
      const error = { name: 'InsufficientResponsesError', message: '0 of at least 1 votes were cast' };
      m.expect(ensemble.predict$('?')).toBeObservable('#', undefined, error);
      m.expect(a).toHaveSubscriptions([]);
    }),
  );
});
