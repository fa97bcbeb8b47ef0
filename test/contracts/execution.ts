import fc from 'fast-check';
import { finalize, map, type Observable, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import {
  createEnsemble,
  defineModel,
  type Execution,
  type Model,
  NoPredictionError,
  type Prediction,
} from '../../src/index.ts';
import { marbles } from '../marbles.ts';

const agreeing = (size: number, asked: string[] = []): Model[] =>
  Array.from({ length: size }, (_, index) =>
    defineModel(`m${index}`, () => {
      asked.push(`m${index}`);
      return { text: '4', confidence: 0.5 };
    }),
  );

/** What a prediction comes to, in virtual time. */
const runToEnd = (prediction$: Observable<Prediction>): Prediction | undefined => {
  let last: Prediction | undefined;
  new TestScheduler(() => undefined).run(({ flush }) => {
    prediction$.subscribe((prediction) => {
      last = prediction;
    });
    flush();
  });
  return last;
};

/** What every execution must be, whatever its schedule and its stop rule. */
export const executionContract = (name: string, makeExecution: () => Execution): void => {
  describe(`${name}, as an execution`, () => {
    it('asks nobody before somebody subscribes', () => {
      const asked: string[] = [];
      const { predict$ } = createEnsemble({ models: agreeing(3, asked), execution: makeExecution() });
      const prediction$ = predict$('?');
      expect(asked).toStrictEqual([]);
      runToEnd(prediction$);
      expect(asked.length).toBeGreaterThan(0);
    });

    it('asks the models in the order of the panel, each once at the most', () => {
      const asked: string[] = [];
      const { predict$ } = createEnsemble({ models: agreeing(5, asked), execution: makeExecution() });
      runToEnd(predict$('?'));
      expect(asked).toStrictEqual(['m0', 'm1', 'm2', 'm3', 'm4'].slice(0, asked.length));
    });

    it('starts anew for each subscription', () => {
      const asked: string[] = [];
      const { predict$ } = createEnsemble({ models: agreeing(3, asked), execution: makeExecution() });
      const prediction$ = predict$('?');
      runToEnd(prediction$);
      const first = [...asked];
      runToEnd(prediction$);
      expect(asked).toStrictEqual([...first, ...first]);
    });

    it.each([1, 2, 3, 2000])('has an answer from a panel of %i that answers at once', (size) => {
      const { predict$ } = createEnsemble({ models: agreeing(size), execution: makeExecution() });
      expect(runToEnd(predict$('?'))).toMatchObject({ answer: '4' });
    });

    it.each([
      [
        'throws',
        () => {
          throw new Error('no');
        },
      ],
      ['rejects', () => Promise.reject(new Error('no'))],
    ])('ends with all failures where every model %s', async (_, fail) => {
      const models = ['a', 'b', 'c', 'd'].map((id) => defineModel(id, fail));
      const ensemble = createEnsemble({ models, execution: makeExecution() });
      const error = await ensemble.predict('?').catch((reason) => reason);
      expect(error.name).toBe('AllModelsFailedError');
      expect(error.outcomes.length).toBeGreaterThan(0);
    });

    it('gets by with one model that answers among others that fail', async () => {
      for (let sound = 0; sound < 3; sound += 1) {
        const models = agreeing(3).map((model, index) =>
          index === sound ? model : defineModel(model.id, () => Promise.reject(new Error('no'))),
        );
        const ensemble = createEnsemble({ models, execution: makeExecution(), minResponses: 1 });
        expect((await ensemble.predict('?')).answer).toBe('4');
      }
    });

    it('lets go of every call still out when it is unsubscribed, at any time', () => {
      const latencies = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(latencies, fc.integer({ min: 0, max: 25 }), (latenciesMs, unsubscribeAtMs) => {
          new TestScheduler(() => undefined).run(({ flush }) => {
            let out = 0;
            const models = latenciesMs.map((latencyMs, index) =>
              defineModel(`m${index}`, () => {
                out += 1;
                return timer(latencyMs).pipe(
                  map(() => '4'),
                  finalize(() => {
                    out -= 1;
                  }),
                );
              }),
            );
            const subscription = createEnsemble({ models, execution: makeExecution() })
              .predict$('?')
              .subscribe({
                error: (error) => expect(error).toBeInstanceOf(NoPredictionError),
              });
            timer(unsubscribeAtMs).subscribe(() => {
              subscription.unsubscribe();
              expect(out).toBe(0);
            });
            flush();
            expect(out).toBe(0);
          });
        }),
      );
    });

    it(
      'ends where no model ever answers, at the time limit of the last one',
      marbles((m) => {
        const silent = m.cold('-');
        const models = ['a', 'b'].map((id): Model => ({ id, call: () => silent }));
        let endedAtMs = 0;
        createEnsemble({ models, execution: makeExecution(), timeoutMs: 100 })
          .predict$('?')
          .subscribe({
            error: () => {
              endedAtMs = m.scheduler.now();
            },
          });
        m.flush();
        expect(endedAtMs).toBeGreaterThanOrEqual(100);
        expect(endedAtMs).toBeLessThanOrEqual(200);
      }),
    );
  });
};
