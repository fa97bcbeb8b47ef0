import {
  catchError,
  defer,
  EMPTY,
  type MonoTypeOperatorFunction,
  map,
  mergeAll,
  mergeMap,
  type Observable,
  type OperatorFunction,
  of,
  tap,
  toArray,
} from 'rxjs';
import { ConfigError, CrucibleError } from '../domain/errors.ts';
import { isA, returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { InvalidQueryError, NoPredictionError, UserCodeError } from '../domain/no-prediction.ts';
import { omit } from '../domain/omit.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { abortWith } from '../engine/abort-with.ts';
import type { OverridesFor } from '../engine/ensemble-options.ts';
import { overrideSpecs } from '../engine/option-checks.ts';
import type { AnswerWithTools, Predict, ToolQuery } from '../engine/predict.ts';
import { type RunOfMany, withinRun } from '../engine/run.ts';
import {
  accepting,
  anObservable,
  bound,
  checked,
  ofType,
  oneOf,
  reading,
  type Specs,
  shown,
} from '../options.ts';
import { createSequence } from './sequence.ts';

/** Options for the prediction of many queries. */
export interface PredictManyOptions<Replacement = never> {
  /** How many predictions are in flight at a time, from 1, or `Infinity`. Default 10. */
  readonly concurrency?: number;
  /** Whether predictions are emitted in the order of their queries rather than as they complete. Default `true`. */
  readonly ordered?: boolean;
  /**
   * Receives the error of a query without a prediction. Its result is emitted instead of the prediction; `undefined` skips
   * the query. `throw`: the first error ends the run. Default of `predictAll`: the error is yielded instead of the
   * prediction. Default of `predictWith`: `throw`, as with every operator.
   */
  readonly onError?: 'throw' | OnError<Replacement>;
}

/**
 * Receives the error of one query among many and returns the replacement for its prediction; `undefined` skips the query.
 */
export type OnError<Replacement> = (
  error: NoPredictionError | ConfigError,
  query: Query,
  index: number,
) => Replacement | undefined;

/** Predicts each query of a stream. If all of them have tools, the answers may be calls of them. */
export type PredictQueries<Answer, Replacement> = <Asked extends Query>(
  queries$: Observable<Asked>,
) => Observable<Prediction<Asked extends ToolQuery ? AnswerWithTools<Answer> : Answer> | Replacement>;

/** Puts the error of a query in the place of its prediction. */
export const keepError = (error: NoPredictionError | ConfigError): NoPredictionError =>
  isA(error, ConfigError) ? new InvalidQueryError({ cause: error }) : error;

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** {@link PredictManyOptions}, and the overrides of every prediction. `signal` ends the whole run. */
export const predictManySpecs = {
  concurrency: [bound(1), 10],
  ordered: [ofType('boolean'), true],
  onError: oneOf(['throw'], 'a function of the error, the query and its index', isFunction),
  ...omit(overrideSpecs, ['normalization']),
} as const satisfies Specs<PredictManyOptions>;

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

/** The names of {@link PredictManyOptions}, which are not overrides. */
export const predictManyNames = ['concurrency', 'ordered', 'onError'] as const;

/** Runs `onError` of the caller. What it throws ends the run. */
const replacementBy = <Replacement>(
  onError: OnError<Replacement>,
  { error, query, index }: { readonly error: unknown; readonly query: Query; readonly index: number },
): Replacement | undefined => {
  const failure =
    isA(error, NoPredictionError) || isA(error, ConfigError)
      ? error
      : new UserCodeError('the prediction', { cause: error });
  const replacement = onError(failure, query, index);
  try {
    return returned(replacement);
  } catch (cause) {
    throw new UserCodeError('onError', { cause });
  }
};

/** The prediction of one query, or the result of `onError`. */
export const predictOne = <Answer, Replacement>(
  prediction$: Observable<Prediction<Answer>>,
  onError: PredictManyOptions<Replacement>['onError'],
  query: Query,
  index: number,
): Observable<Prediction<Answer> | Exclude<Replacement, undefined>> =>
  onError === undefined || onError === 'throw'
    ? prediction$
    : prediction$.pipe(
        catchError((error) => {
          const replacement = replacementBy(onError, { error, query, index });
          return replacement === undefined ? EMPTY : of(replacement as Exclude<Replacement, undefined>);
        }),
      );

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
export const predictWith = <Answer, Replacement = never>(
  ensemble: { readonly predict$: Predict<Answer, 'observable'> },
  options: PredictManyOptions<Replacement> & OverridesFor<Answer> = {},
): PredictQueries<Answer, Exclude<Replacement, undefined>> => {
  return reading('predictWith', () => {
    const isEnsemble = isObject(ensemble) && typeof ensemble.predict$ === 'function';
    const given: Omit<typeof options, 'normalization'> = options;
    const { concurrency, ordered, onError, signal } = checked('predictWith', given, predictManySpecs, [
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
};
