import { catchError, type Observable, takeWhile, throwError, throwIfEmpty } from 'rxjs';
import { CrucibleError, MalformedResponseError, ModelError } from '../domain/errors.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { attemptListener } from '../domain/request.ts';
import { faultsOf, nonEmpty, ofType, refuse } from '../options.ts';
import { attempt } from './attempt.ts';

/** When the next model is asked. */
export interface FallbackOptions {
  /** Whether the next model is asked after this error. Default after any. */
  readonly shouldHandle?: (error: unknown) => boolean;
}

/**
 * One model out of an ordered list: the first is asked, and, where it fails, the next. Pieces of an answer that
 * a failed member had shown stay shown, and the next begins from the start; the response is the whole answer.
 *
 * ```text
 * a        ^--x
 * b           ^----4
 * result   --------4
 * ```
 *
 * Fails with the error as it came where `shouldHandle` declines it, and with a `ModelError` that names every member and
 * carries the last failure as its `cause` where all failed. Every member that is asked is paid for: the outcome has
 * those that failed as its `attempts`, and is priced by the member that answered.
 *
 * @throws {ConfigError} for an empty id or list, or a `shouldHandle` that is no function.
 *
 * @example
 * ```ts
 * import { fallback } from 'crucible-ensemble/policies';
 *
 * const first = defineModel('first', () => Promise.reject(new Error('down')));
 * const second = defineModel('second', () => 'Paris');
 * const models = [fallback('either', [first, second])];
 * const { answer } = await createEnsemble({ models }).predict('What is the capital of France?');
 * answer; // => 'paris'
 * ```
 */
export const fallback = (id: string, models: readonly Model[], options: FallbackOptions = {}): Model => {
  const isList = (value: unknown) =>
    Array.isArray(value) && value.length > 0 ? undefined : 'a list of at least one model';
  refuse([
    ...faultsOf('fallback', { id, models }, { id: nonEmpty, models: isList }),
    ...faultsOf('fallback', options, { shouldHandle: ofType('function') }),
  ]);
  const { shouldHandle = () => true } = options;
  return {
    id,
    call: (request) => {
      const ask = (member: Model, rest: readonly Model[]): Observable<ModelResponse | ModelDelta> =>
        attempt(member, request).pipe(
          // What comes after the response is no failure any more.
          takeWhile(isDelta, true),
          throwIfEmpty(() => new MalformedResponseError(member.id, 'ended without a response')),
          catchError((error: unknown) => {
            if (!shouldHandle(error)) return throwError(() => error);
            const [next, ...others] = rest;
            if (next === undefined) return throwError(() => allFailed(id, models, error));
            attemptListener(request)?.attemptFailed({ error, nextInMs: 0 });
            return ask(next, others);
          }),
        );
      return ask(models[0] as Model, models.slice(1));
    },
  };
};

const allFailed = (id: string, models: readonly Model[], cause: unknown): ModelError => {
  const reason = cause instanceof CrucibleError ? cause.message : 'the last threw';
  const { retryAfterMs, costUsd } = cause instanceof ModelError ? cause : {};
  return new ModelError(id, `all of ${models.map((model) => model.id).join(', ')} failed: ${reason}`, {
    cause,
    isRetryable: cause instanceof CrucibleError && cause.isRetryable,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    costUsd,
  });
};
