/** How alike two of the items are: a mean of these decides. `-Infinity` keeps them apart, even if all others are alike. */
export type Likeness = (one: number, other: number) => number;

/** The effort of a likeness that compares the facts of two answers, at most. */
export const VETO_EFFORT = 1_000;

/** How many numbers are read at most before the caller may pause: 0.1 ms, and some milliseconds before the code is compiled. */
const SLICE = 100_000;

/**
 * Joins items by average linkage: of all pairs of groups, the two with the members most alike on average become one group,
 * again and again, as long as `joins` accepts that average. Ties go to the groups with the first items, so the groups
 * depend on the order of the items and on nothing else. Yields now and then, and returns the groups, each in the order of its
 * items. O(n²) as a rule, and O(n³) at worst.
 *
 * @param effort how many numbers a likeness reads. Default 1.
 */
export function* averageLinkage(
  size: number,
  likeness: Likeness,
  joins: (average: number) => boolean,
  effort = 1,
): Generator<undefined, readonly (readonly number[])[]> {
  const averages = new Float64Array(size * size);
  const groups: (number[] | undefined)[] = Array.from({ length: size }, (_, item) => [item]);
  let work = 0;
  for (let one = 0; one < size; one += 1) {
    for (let other = one + 1; other < size; other += 1) {
      averages[one * size + other] = averages[other * size + one] = likeness(one, other);
      work += effort;
      if (work > SLICE) {
        work = 0;
        yield;
      }
    }
  }
  const averageOf = (one: number, other: number): number => averages[one * size + other] as number;
  const nearestTo = (one: number): number => {
    let nearest = -1;
    for (let other = one + 1; other < size; other += 1) {
      if (groups[other] === undefined) continue;
      if (nearest < 0 || averageOf(one, other) > averageOf(one, nearest)) nearest = other;
    }
    work += size - one;
    return nearest;
  };
  // Only of the items after each: the pair is found from its first item.
  const nearest = Array.from({ length: size }, (_, one) => nearestTo(one));
  while (true) {
    let [first, second] = [-1, -1];
    let highest = Number.NEGATIVE_INFINITY;
    for (let one = 0; one < size; one += 1) {
      const other = nearest[one] as number;
      if (groups[one] === undefined || other < 0 || averageOf(one, other) <= highest) continue;
      [first, second, highest] = [one, other, averageOf(one, other)];
    }
    if (first < 0 || !joins(highest)) break;
    const [own, added] = [groups[first] as number[], groups[second] as number[]];
    for (let other = 0; other < size; other += 1) {
      if (groups[other] === undefined || other === first || other === second) continue;
      const sum = averageOf(first, other) * own.length + averageOf(second, other) * added.length;
      averages[first * size + other] = averages[other * size + first] = sum / (own.length + added.length);
    }
    groups[first] = [...own, ...added];
    groups[second] = undefined;
    for (let one = 0; one < size; one += 1) {
      if (groups[one] === undefined) continue;
      const isStale = one === first || nearest[one] === first || nearest[one] === second;
      if (isStale) nearest[one] = nearestTo(one);
    }
    work += 3 * size;
    if (work > SLICE) {
      work = 0;
      yield;
    }
  }
  return groups.flatMap((group) => (group === undefined ? [] : [group.sort((a, b) => a - b)]));
}
