import {
  concat,
  defer,
  ignoreElements,
  type MonoTypeOperatorFunction,
  map,
  NEVER,
  type Observable,
  of,
  tap,
  timer,
} from 'rxjs';

/**
 * Emits the last value once the source has been released, where `last` emits it before. So nothing is in flight when it
 * arrives.
 *
 * ```text
 * source     --a--b--|
 * source ^   --------!
 * result     --------(b|)
 * ```
 */
export const lastReleased =
  <Value>(): MonoTypeOperatorFunction<Value> =>
  (source) =>
    defer(() => {
      let values: readonly Value[] = [];
      return concat(
        source.pipe(
          tap((value) => {
            values = [value];
          }),
          ignoreElements(),
        ),
        defer(() => of(...values)),
      );
    });

/** Emits what `work` returns, or errors with what it throws, after a time limit; never if that is `Infinity`. */
export const whenOver = <Value>(limitMs: number, work: () => Value): Observable<Value> =>
  limitMs === Number.POSITIVE_INFINITY ? NEVER : timer(limitMs).pipe(map(work));
