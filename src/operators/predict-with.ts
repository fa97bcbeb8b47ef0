import {
  catchError,
  defer,
  EMPTY,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  type OperatorFunction,
  of,
  toArray,
} from 'rxjs';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import type { Predict } from '../engine/predict.ts';
import { bound, type Check, faultsOf, ofType, refuse } from '../options.ts';
import { createSequence } from './sequence.ts';

/** Options for the prediction of many queries. */
export interface PredictManyOptions<Replacement = never> {
  /** How many queries are predicted at a time, or `Infinity`. Default 10. */
  readonly concurrency?: number;
  /** Predictions come out in the order of their queries; `false`: as they complete. Default `true`. */
  readonly ordered?: boolean;
  /**
   * What to do with a query that no prediction is possible for: what it returns is emitted in the place of
   * the prediction, `undefined` leaves the query out. Without it, the first such error ends the run.
   */
  readonly onError?: (error: unknown, query: Query, index: number) => Replacement | undefined;
}

/** The checks of {@link PredictManyOptions}. */
export const predictManyChecks: Readonly<Record<string, Check>> = {
  concurrency: bound(1),
  ordered: ofType('boolean'),
  onError: ofType('function'),
};

/** One query of many: its prediction, or what `onError` makes of the error. */
export const predictOne = <Answer, Replacement>(
  prediction$: Observable<Prediction<Answer>>,
  { onError }: PredictManyOptions<Replacement>,
  query: Query,
  index: number,
): Observable<Prediction<Answer> | Exclude<Replacement, undefined>> =>
  onError === undefined
    ? prediction$
    : prediction$.pipe(
        catchError((error) => {
          const replacement = onError(error, query, index);
          return replacement === undefined ? EMPTY : of(replacement as Exclude<Replacement, undefined>);
        }),
      );

/**
 * A prediction for each query of a stream, several at a time.
 *
 * ```text
 * source     --q1--q2--------|
 *              predictWith(ensemble, { concurrency: 2 })
 * result     ---------p1p2---|         in the order of the queries
 * ```
 *
 * Costs what the ensemble costs, for each query. A stream cannot be slowed down: queries that come faster
 * than predictions wait in memory. For a large source that can be pulled from, use `ensemble.predictAll`.
 *
 * @throws {ConfigError} for a `concurrency` that is no whole number. The stream errors with the first
 * query that no prediction is possible for, unless there is an `onError`.
 *
 * @example
 * ```ts
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
export const predictWith = <Answer, Replacement = never>(
  ensemble: { readonly predict$: Predict<Answer, 'observable'> },
  options: PredictManyOptions<Replacement> = {},
): OperatorFunction<Query, Prediction<Answer> | Exclude<Replacement, undefined>> => {
  refuse(faultsOf('predictWith', options, predictManyChecks));
  const { concurrency = 10, ordered = true } = options;
  const predictEach = (query: Query, index: number) =>
    predictOne(ensemble.predict$(query), options, query, index);
  if (!ordered) return mergeMap(predictEach, concurrency);
  return (queries$) =>
    defer(() => {
      const due = createSequence<(Prediction<Answer> | Exclude<Replacement, undefined>)[]>();
      return queries$.pipe(
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
    });
};
