import { drawsFor } from '../models/random.ts';
import { contains, isOperation, type Node } from './node.ts';
import { approximate, type Quantity, whole } from './quantity.ts';
import { stop, TOO_LONG } from './unreadable.ts';

/** The size of the first name at each point. None is near 1, where powers of sums vanish. */
const SIZES = [0.61, 1.3, 2.2, 0.43];

/** By how much each name is larger than the one before it, so that no sum of two is small. */
const GROWTH = 1.37;

/** By how much the size of a name varies with its letters. */
const VARIATION = 0.05;

/** The whole number that the first name is, even and odd. */
const WHOLE = [2, 7];

/** The signs of the names at the points, a bit for each: each name has both, and no two names have the same ones. */
const SIGNS = [0b0100, 0b0010, 0b1001, 0b0110, 0b0011, 0b1100, 0b0101, 0b1010, 0b1000, 0b0001];

/**
 * Returns the points at which expressions in these names are compared, each a value for every name. They depend on nothing but
 * the names, and on whether the expression rounds: then two have whole numbers, at which rounding up and down differ. Between any two names one point has different signs, so that |xy| is not xy.
 */
export const samplePoints = (
  names: readonly string[],
  tree: Node,
): readonly ReadonlyMap<string, Quantity>[] => {
  if (names.length > SIGNS.length) stop(TOO_LONG);
  const draws = names.map(drawsFor);
  const points = SIZES.map(
    (first, point) =>
      new Map(
        names.map((name, index) => {
          const size = first * GROWTH ** index * (1 + VARIATION * (draws[index]?.() ?? 0));
          return [name, approximate(((SIGNS[index] ?? 0) >> point) & 1 ? -size : size)];
        }),
      ),
  );
  if (!contains(tree, (part) => isOperation(part, 'floor', 'ceil'))) return points;
  return [
    ...points,
    ...WHOLE.map((first) => new Map(names.map((name, index) => [name, whole(first + 3 * index)]))),
  ];
};
