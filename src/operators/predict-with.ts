import {
  defer,
  type MonoTypeOperatorFunction,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  type OperatorFunction,
  tap,
  toArray,
} from 'rxjs';
import { CrucibleError } from '../domain/errors.ts';
import { isA, returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { UserCodeError } from '../domain/no-prediction.ts';
import { omit } from '../domain/omit.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { abortWith } from '../engine/abort-with.ts';
import type { OverridesFor } from '../engine/ensemble-options.ts';
import { overrideSpecs } from '../engine/option-checks.ts';
import type { AnswerWithTools, Predict, ToolQuery } from '../engine/predict.ts';
import { type RunOfMany, withinRun } from '../engine/run.ts';
import { accepting, anObservable, checked, reading, type Specs, shown } from '../options.ts';
import { type PredictManyOptions, predictManyNames, predictManySpecsOf, predictOne } from './predict-one.ts';
import { createSequence } from './sequence.ts';

/** Predicts each query of a stream. If all of them have tools, the answers may be calls of them. */
export type PredictQueries<Answer, Replacement> = <Asked extends Query>(
  queries$: Observable<Asked>,
) => Observable<Prediction<Asked extends ToolQuery ? AnswerWithTools<Answer> : Answer> | Replacement>;

/** The prediction of an ensemble that the caller passed, which may be any object. */
const predictionOf = <Answer>(
  ensemble: { readonly predict$: Predict<Answer, 'observable'> },
  query: Query,
  overrides: OverridesFor<Answer>,
): Observable<Prediction<Answer>> => {
  try {
    return returned(ensemble.predict$(query, overrides), anObservable);
  } catch (error) {
    throw isA(error, CrucibleError) ? error : new UserCodeError('predict$ of the ensemble', { cause: error });
  }
};

/** {@link PredictManyOptions}, and the overrides of every prediction. `signal` ends the whole run. */
const predictWithSpecs = predictManySpecsOf(
  omit(overrideSpecs, ['normalization']),
) satisfies Specs<PredictManyOptions>;

/**
 * Predicts each query of a stream, several at a time.
 *
 * ```text
 * source     --q1--q2--------|
 *              predictWith(ensemble, { concurrency: 2 })
 * result     ---------p1p2---|         in the order of the queries
 * ```
 *
 * Costs one prediction of the ensemble per query. Queries that arrive faster than predictions are made wait in memory,
 * because a stream has no backpressure. For a large source that can be read on demand, use `ensemble.predictAll`.
 *
 * @throws {ConfigError} for invalid options. The result errors with the first query without a prediction, unless there
 * is an `onError`, and with `CancelledError` when `signal` aborts.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { predictWith } from 'crucible-ensemble/operators';
 * import { from, lastValueFrom, map, toArray } from 'rxjs';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 * });
 * const answers$ = from(['What is 2 + 2?', 'What is 17 * 23?']).pipe(
 *   predictWith(ensemble, { concurrency: 2 }),
 *   map(({ answer }) => answer),
 *   toArray(),
 * );
 * await lastValueFrom(answers$); // => ['4', '391']
 * ```
 */
export function predictWith<Answer, Replacement = never>(
  ensemble: { readonly predict$: Predict<Answer, 'observable'> },
  options?: PredictManyOptions<Replacement> & OverridesFor<Answer>,
): PredictQueries<Answer, Exclude<Replacement, undefined>>;
// Ensembles of the smaller entries, whose overrides have other types.
export function predictWith<Asked extends Query, Answer, Replacement = never>(
  ensemble: {
    predict$(query: Asked, overrides?: { readonly context?: unknown }): Observable<Prediction<Answer>>;
  },
  options?: PredictManyOptions<Replacement> & { readonly context?: unknown },
): OperatorFunction<Asked, Prediction<Answer> | Exclude<Replacement, undefined>>;
export function predictWith<Answer, Replacement = never>(
  ensemble: { readonly predict$: Predict<Answer, 'observable'> },
  options: PredictManyOptions<Replacement> & OverridesFor<Answer> = {},
): PredictQueries<Answer, Exclude<Replacement, undefined>> {
  return reading('predictWith', () => {
    const isEnsemble = isObject(ensemble) && typeof ensemble.predict$ === 'function';
    const given: Omit<typeof options, 'normalization'> = options;
    const { concurrency, ordered, onError, signal } = checked('predictWith', given, predictWithSpecs, [
      ...(isEnsemble
        ? []
        : [`predictWith: expected an ensemble of createEnsemble, but got ${shown(ensemble)}`]),
    ]);
    const overrides = omit(options, [...predictManyNames, 'signal']);
    type Result = Prediction<Answer> | Exclude<Replacement, undefined>;
    type PredictEach = (query: Query, index: number) => Observable<Result>;

    const inOrder = (predictEach: PredictEach): OperatorFunction<Query, Result> => {
      const due = createSequence<Result[]>();
      return (queries$) =>
        queries$.pipe(
          mergeMap(
            (query, index) =>
              predictEach(query, index).pipe(
                toArray(),
                map((results) => due(index, results).flat()),
              ),
            concurrency,
          ),
          mergeAll(),
        );
    };
    return accepting('predictWith', anObservable, (queries$: Observable<Query>) =>
      defer(() => {
        const whole: RunOfMany = { signal };
        // Set before the predictions in flight are cancelled, so that their calls know why.
        const noteEnd = <Value>(): MonoTypeOperatorFunction<Value> =>
          tap({
            error: () => {
              whole.endedBy = 'source-ended';
            },
          });
        const predictEach: PredictEach = (query, index) =>
          predictOne(
            defer(() => predictionOf(ensemble, query, withinRun(overrides, whole))),
            onError,
            query,
            index,
          ).pipe(noteEnd());
        const predictAll = ordered ? inOrder(predictEach) : mergeMap(predictEach, concurrency);
        const results$ = queries$.pipe(noteEnd(), predictAll);
        return signal === undefined ? results$ : results$.pipe(abortWith(signal));
      }),
    );
  });
}
