import { concat, filter, map, merge } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  type Execution,
  firstAnswer,
  hedged,
  hedgeEach,
  type Model,
  type ModelDelta,
  type ModelResponse,
  type Outcome,
  type Prediction,
  type Pricing,
  parallel,
  sequential,
} from '../../../src/index.ts';
import { answersAndCounts } from '../../answers-and-counts.ts';
import { marbles } from '../../marbles.ts';
import { responses, scripted } from '../../scripted.ts';

const hedge3 = hedgeEach({ hedgeDelayMs: 3 });

/** A model whose calls, one after the other, go as these do. */
const inTurn = (id: string, calls: readonly ReturnType<Model['call']>[]): Model => {
  let made = 0;
  return { id, call: () => calls[made++] as ReturnType<Model['call']> };
};

const account = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ model, index, status, latencyMs }) => [model, index, status, latencyMs]);

const summary = map(({ answer, metadata, outcomes }: Prediction) => ({
  answer,
  votes: metadata.votes,
  quorum: metadata.quorum,
  status: metadata.status,
  account: account(outcomes),
}));

const pricing: Pricing = {
  priceOf: () => ({ usd: 0.5, isApproximate: false }),
  countTokens: (text) => text.length,
};

describe('hedgeEach', () => {
  it(
    'asks a late member again; its first answer is its one vote, and the slow call is cancelled',
    marbles((m) => {
      const a = m.cold('-4|           ', responses);
      const aSubs = '   ^!            ';
      const slow = m.cold('---------5| ', responses);
      const slowSubs = '   ^----!     ';
      const again = m.cold('  --4|     ', responses);
      const againSubs = '  ---^-!     ';
      const expected = '   -----(p|)  ';

      const models = [scripted('a', a), inTurn('b', [slow, again])];
      const { predict$ } = createEnsemble({ models, execution: hedge3(parallel()) });
      m.expect(predict$('?').pipe(summary)).toBeObservable(expected, {
        p: {
          answer: '4',
          votes: { '4': 2 },
          quorum: 1,
          status: 'complete',
          account: [
            ['a', 0, 'answered', 1],
            ['b', 1, 'cancelled', 5],
            ['b', 1, 'answered', 2],
          ],
        },
      });
      m.expect(a).toHaveSubscriptions(aSubs);
      m.expect(slow).toHaveSubscriptions(slowSubs);
      m.expect(again).toHaveSubscriptions(againSubs);
    }),
  );

  it(
    'asks nobody again who answers in time',
    marbles((m) => {
      const a = m.cold('--4|          ', responses);
      const b = m.cold('--4|          ', responses);
      const { predict$ } = createEnsemble({
        models: [scripted('a', a), scripted('b', b)],
        execution: hedge3(parallel()),
      });
      m.expect(predict$('?').pipe(map(({ answer }) => answer))).toBeObservable('--(4|)');
      m.expect(a).toHaveSubscriptions('^-!');
      m.expect(b).toHaveSubscriptions('^-!');
    }),
  );

  it(
    'has the election hear of a member once: a failure that its hedge makes good is no missing member',
    marbles((m) => {
      const a = m.cold('-4|           ', responses);
      const failing = m.cold('----#     ');
      const again = m.cold('   -----4| ', responses);
      const models = [scripted('a', a), inTurn('b', [failing, again])];
      const { predict$ } = createEnsemble({ models, execution: hedge3(parallel()) });
      m.expect(predict$('?').pipe(summary)).toBeObservable('--------(p|)', {
        p: {
          answer: '4',
          votes: { '4': 2 },
          quorum: 1,
          status: 'complete',
          account: [
            ['a', 0, 'answered', 1],
            ['b', 1, 'failed', 4],
            ['b', 1, 'answered', 5],
          ],
        },
      });
      m.expect(again).toHaveSubscriptions('---^----!');
    }),
  );

  it(
    'hears of a member that failed each time as one failure, and of one that failed in time at once',
    marbles((m) => {
      const a = m.cold('-4|              ', responses);
      const first = m.cold('----#        ');
      const again = m.cold('   ---#      ');
      const quick = m.cold('-#           ');
      const models = [scripted('a', a), inTurn('b', [first, again]), inTurn('c', [quick, quick])];
      const { predict$ } = createEnsemble({ models, execution: hedge3(parallel()), minResponses: 1 });
      const result$ = predict$('?').pipe(
        map(({ metadata }) => [metadata.missing.map(({ model }) => model), metadata.failures]),
      );
      m.expect(result$).toBeObservable('------(p|)', { p: [['b', 'c'], 3] });
      m.expect(quick).toHaveSubscriptions(['^!']);
    }),
  );

  it(
    'composes with an early stop, which aborts everything on the wire and prices it',
    marbles((m) => {
      const a = m.cold('----4|           ', responses);
      const b = m.cold('-4|              ', responses);
      const slow = m.cold('---------5|    ', responses);
      const again = m.cold('   --------5|  ', responses);
      const models = [inTurn('a', [a, slow]), scripted('b', b), inTurn('c', [slow, again])];
      const { predict$ } = createEnsemble({
        models,
        execution: hedge3(parallel()),
        earlyStop: 'decided',
        pricing,
      });
      const costs$ = predict$('?').pipe(
        map(({ outcomes }) =>
          outcomes.map(({ model, status, costUsd, costSource }) => [model, status, costUsd, costSource]),
        ),
      );
      m.expect(costs$).toBeObservable('----(p|)', {
        p: [
          ['a', 'answered', 0.5, 'estimated'],
          ['a', 'cancelled', 0.5, 'estimated'],
          ['b', 'answered', 0.5, 'estimated'],
          ['c', 'cancelled', 0.5, 'estimated'],
          ['c', 'cancelled', 0.5, 'estimated'],
        ],
      });
      m.expect(slow).toHaveSubscriptions(['^---!', '---^!']);
      m.expect(again).toHaveSubscriptions('---^!');
    }),
  );

  it(
    'does the same in `stream`, whose pieces say which call they are of',
    marbles((m) => {
      const values: Record<string, ModelDelta | ModelResponse> = {
        s: { delta: 'slow' },
        q: { delta: 'quick' },
        '4': { text: '4' },
      };
      const slow = m.cold('--------s|     ', values);
      const again = m.cold('   -q4|       ', values);
      const { stream } = createEnsemble({
        models: [inTurn('a', [slow, again])],
        execution: hedge3(parallel()),
      });
      const pieces$ = stream('?').pipe(
        answersAndCounts(),
        map((event) => (event.type === 'delta' ? `${event.call} ${event.text}` : event.type)),
      );
      m.expect(pieces$).toBeObservable('----d(rcp|)', {
        d: '1 quick',
        r: 'response',
        c: 'consensus',
        p: 'complete',
      });
      m.expect(slow).toHaveSubscriptions('^----!');
    }),
  );

  it(
    'stops early in `stream` as well, and accounts for the losers with what they probably cost',
    marbles((m) => {
      const a = m.cold('----4|         ', responses);
      const b = m.cold('-4|            ', responses);
      const slow = m.cold('---------5|  ', responses);
      const again = m.cold('   --------5|', responses);
      const { stream } = createEnsemble({
        models: [scripted('a', a), scripted('b', b), inTurn('c', [slow, again])],
        execution: hedgeEach({ hedgeDelayMs: 3, maxExtraRatio: 1 })(parallel()),
        pricing,
      });
      const last$ = stream('?', { earlyStop: 'decided' }).pipe(
        filter((event) => event.type === 'complete'),
        map(({ prediction: { metadata, outcomes } }) => ({
          status: metadata.status,
          costUsd: metadata.costUsd,
          outcomes: outcomes.map(({ model, status, costSource }) => [model, status, costSource]),
        })),
      );
      m.expect(last$).toBeObservable('----(p|)', {
        p: {
          status: 'complete',
          costUsd: 2.5,
          outcomes: [
            ['a', 'answered', 'estimated'],
            ['a', 'cancelled', 'estimated'],
            ['b', 'answered', 'estimated'],
            ['c', 'cancelled', 'estimated'],
            ['c', 'cancelled', 'estimated'],
          ],
        },
      });
      m.expect(a).toHaveSubscriptions(['^---!', '---^!']);
      m.expect(slow).toHaveSubscriptions('^---!');
      m.expect(again).toHaveSubscriptions('---^!');
    }),
  );

  it(
    'tells of a hedge as of a call of its own',
    marbles((m) => {
      const slow = m.cold('---------5| ', responses);
      const again = m.cold('  --4|     ', responses);
      const { predict$, events$ } = createEnsemble({
        models: [inTurn('a', [slow, again])],
        execution: hedge3(parallel()),
      });
      const told: unknown[] = [];
      events$.subscribe((event) => {
        if ('call' in event) told.push([event.type, event.call]);
      });
      m.expect(predict$('?').pipe(map(({ answer }) => answer))).toBeObservable('-----(4|)');
      m.flush();
      expect(told).toStrictEqual([
        ['model:start', 0],
        ['model:start', 1],
        ['model:stop', 1],
        ['model:cancel', 0],
      ]);
    }),
  );

  it(
    'lets go of every call when the prediction is given up',
    marbles((m) => {
      const a = m.cold('---------4|  ');
      const { predict$ } = createEnsemble({ models: [scripted('a', a)], execution: hedge3(parallel()) });
      m.expect(predict$('?'), '^----!').toBeObservable('------');
      m.expect(a).toHaveSubscriptions(['^----!', '---^-!']);
    }),
  );

  it(
    'makes a call again as often as `maxHedges` says, and no more once a first token has come',
    marbles((m) => {
      const values = { d: { delta: '4' }, '4': { text: '4' } };
      const silent = m.cold('-------------', values);
      const writes = m.cold('   --d----4| ', values);
      const model = inTurn('a', [silent, writes, silent]);
      const execution = hedgeEach({ hedgeDelayMs: 3, maxHedges: 2, on: 'firstToken' })(parallel());
      m.expect(
        createEnsemble({ models: [model], execution })
          .predict$('?')
          .pipe(map(({ answer }) => answer)),
      ).toBeObservable('----------(4|)');
      m.expect(silent).toHaveSubscriptions(['^---------!']);

      const deaf = m.cold('-------------', values);
      const thrice = hedgeEach({ hedgeDelayMs: 3, maxHedges: 2 })(parallel());
      m.expect(
        createEnsemble({ models: [scripted('a', deaf as never)], execution: thrice }).predict$('?'),
        '^-----------!',
      ).toBeObservable('-');
      m.expect(deaf).toHaveSubscriptions(['^-----------!', '---^--------!', '------^-----!']);
    }),
  );

  it(
    'goes with any execution',
    marbles((m) => {
      const executions: [Execution, string][] = [
        [sequential(), '-----(p|)'],
        [
          { schedule: (calls) => concat(...calls), earlyStop: firstAnswer(), minResponses: () => 1 },
          '--(p|)',
        ],
        [{ schedule: (calls) => merge(...calls, 1) }, '-----(p|)'],
        [hedged({ hedgeDelayMs: 1 }), '--(p|)'],
      ];
      for (const [execution, expected] of executions) {
        const a = m.cold('--4|', responses);
        const [slow, again] = [m.cold('---------4|', responses), m.cold('---4|', responses)];
        const b = inTurn('b', execution.name === 'hedged' ? [again] : [slow, again]);
        const quick = hedgeEach({ hedgeDelayMs: 3 })(execution);
        const result$ = createEnsemble({ models: [scripted('a', a), b], execution: quick }).predict$('?');
        const patience = expected === '-----(p|)' ? '--------(p|)' : expected;
        m.expect(result$.pipe(map(({ answer }) => answer))).toBeObservable(patience.replace('p', '4'));
      }
    }),
  );

  it(
    'has every sample of a model hedged by itself',
    marbles((m) => {
      const samples: (number | undefined)[] = [];
      const model: Model = {
        id: 'a',
        call: ({ sample }) => {
          samples.push(sample);
          return m.cold(samples.length === 2 ? '---------5|' : '--4|', responses);
        },
      };
      const { predict$ } = createEnsemble({ models: [model], samples: 3, execution: hedge3(parallel()) });
      m.expect(predict$('?').pipe(map(({ metadata }) => metadata.votes))).toBeObservable('-----(v|)', {
        v: { '4': 3 },
      });
      m.flush();
      expect(samples).toStrictEqual([0, 1, 2, 1]);
    }),
  );

  it('refuses what is no hedge, all at once', () => {
    expect(() => hedgeEach({ hedgeDelayMs: -1, maxExtraRatio: 2, on: 'late' as never })).toThrow('3 faults');
    expect(() => hedgeEach({ delay: { percentile: 100, halfLifeCalls: 0 } })).toThrow(
      'hedgeEach.delay: option "percentile" must be a number from 1 to 99.9, but got 100',
    );
    expect(() => hedgeEach({ delay: 5 as never })).toThrow(
      'option "delay" must be an object, such as { percentile: 95 }, but got 5',
    );
    expect(() => hedgeEach(null as never)).toThrow('expected an options object');
  });
});
