import { concat, defer, ignoreElements, type MonoTypeOperatorFunction, of, tap } from 'rxjs';

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
