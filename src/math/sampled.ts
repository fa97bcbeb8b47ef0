import { evaluate } from './evaluate.ts';
import { DIGITS, formatQuantity } from './format-quantity.ts';
import type { Node } from './node.ts';
import type { Quantity } from './quantity.ts';
import type { Reading } from './reading.ts';
import { NO_VALUE, stop, unlessUnreadable } from './unreadable.ts';

/** The significant digits of a value at a sample point. */
const SAMPLE_DIGITS = 9;

/** The fewest points at which an expression must have a value. */
const FEWEST_POINTS = 2;

/** Stands for a value that is not known. */
const UNKNOWN = '?';

/** The values of names at a sample point. */
export type Point = ReadonlyMap<string, Quantity>;

/** Returns the value of an expression at a point; `undefined` if it has none. */
export const valueAt = (
  tree: Node,
  values: Point,
  { dividesPercent, steps }: Reading,
): Quantity | undefined =>
  unlessUnreadable(
    () => evaluate(tree, { values, dividesPercent, steps }),
    (why) => (steps.left < 0 ? stop(why) : undefined),
  );

/**
 * Returns the key of a function of names by its values at the sample points, such as `f(x):…`; of a constant, its value. What has
 * equal values there is equal everywhere, but for a chance that can be neglected.
 */
export function sampledKey(
  kind: string,
  names: readonly string[],
  values: readonly (Quantity | undefined)[],
  { digits }: Reading,
): string {
  const keys = values.map((value) =>
    value === undefined
      ? UNKNOWN
      : unlessUnreadable(
          () => formatQuantity(value, { digits: SAMPLE_DIGITS, joinsWhole: false }),
          () => UNKNOWN,
        ),
  );
  if (keys.filter((key) => key !== UNKNOWN).length < FEWEST_POINTS) stop(NO_VALUE);
  const [first] = values;
  return first !== undefined && keys.every((key) => key === keys[0])
    ? formatQuantity(first, { digits: digits ?? DIGITS, joinsWhole: digits !== undefined })
    : `${kind}(${names.join(',')}):${keys.join(';')}`;
}
