import { catchError, EMPTY, type Observable, of } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import { isA, returned } from '../domain/foreign.ts';
import { InvalidQueryError, NoPredictionError, UserCodeError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { bound, ofType, oneOf } from '../options.ts';

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

/** Puts the error of a query in the place of its prediction. */
export const keepError = (error: NoPredictionError | ConfigError): NoPredictionError =>
  isA(error, ConfigError) ? new InvalidQueryError({ cause: error }) : error;

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** The checks of {@link PredictManyOptions}, and of the overrides of every prediction. */
export const predictManySpecsOf = <Overrides extends object>(overrides: Overrides) =>
  ({
    concurrency: [bound(1), 10],
    ordered: [ofType('boolean'), true],
    onError: oneOf(['throw'], 'a function of the error, the query and its index', isFunction),
    ...overrides,
  }) as const;

/** The names of {@link PredictManyOptions}, which are not overrides. */
export const predictManyNames = ['concurrency', 'ordered', 'onError'] as const;

/** Runs `onError` of the caller. What it throws ends the run. */
export const replacementBy = <Replacement>(
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
