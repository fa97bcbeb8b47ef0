import type { Group, Grouping } from '../domain/grouping.ts';
import { inPanelOrder, type Vote } from '../domain/outcome.ts';
import { numeric } from '../normalizers/numeric.ts';
import { refuseValue } from '../options.ts';

/**
 * Groups answers that are numbers: any two in a group differ by at most `tolerance`. The numbers are read from texts as
 * `numeric` reads them. An answer without a number is a group with those that equal it.
 *
 * The range of this width with the most votes is a group, then that of the remaining votes, and so on. Among ranges with as
 * many votes, the narrowest is first, then the one with the smallest numbers. So a row of numbers with small gaps does not
 * become one group, and the order of arrival changes nothing.
 *
 * Makes no calls. Takes time in proportion to the different numbers times the groups.
 *
 * @param tolerance the largest difference, from 0.
 *
 * @throws {ConfigError} if the tolerance is not a finite number of at least 0.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { byTolerance } from 'crucible-ensemble/grouping';
 *
 * const heights = ['828 m', '829.8', 'about 830 metres', '632 m'];
 * const ensemble = createEnsemble({
 *   models: heights.map((text, index) => defineModel(`model-${index}`, () => text)),
 *   grouping: byTolerance(2),
 * });
 * const { answer, metadata } = await ensemble.predict('How tall is the Burj Khalifa, in metres?');
 * answer; // => '828 m'
 * metadata.votes; // => { '828 m': 3, '632 m': 1 }
 * ```
 */
export const byTolerance = (tolerance: number): Grouping => {
  refuseValue('byTolerance: the tolerance', isTolerance, tolerance);
  const grouping: Grouping<Vote[]> = {
    name: 'byTolerance',
    init: () => [],
    add(votes, vote) {
      votes.push(vote);
      return votes;
    },
    groups(votes) {
      const byNumber = Map.groupBy(votes, ({ answer, key }) => numberIn(answer) ?? key);
      const others = [...byNumber].filter(([value]) => typeof value === 'string');
      const numbers = [...byNumber].filter((pair): pair is [number, Vote[]] => typeof pair[0] === 'number');
      const ranges = rangesOf(
        numbers.sort(([a], [b]) => a - b),
        tolerance,
      );
      return [...ranges, ...others.map(([, same]) => same)].map((group) => inPanelOrder(group));
    },
  };
  return grouping;
};

const isTolerance = (value: unknown): string | undefined =>
  typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY
    ? undefined
    : 'a number of at least 0';

const numberIn = (answer: unknown): number | undefined => {
  const value = typeof answer === 'string' ? numeric(answer) : answer;
  return typeof value === 'number' ? value : undefined;
};

/** Numbers with their votes, in ascending order. */
type Numbers = readonly (readonly [value: number, votes: readonly Vote[]])[];

/** Takes the best range out of the numbers until all are taken. */
const rangesOf = (numbers: Numbers, tolerance: number): Group[] => {
  const ranges: Group[] = [];
  for (let left = numbers; left.length > 0; ) {
    const { from, to } = bestRange(left, tolerance);
    ranges.push(left.slice(from, to).flatMap(([, votes]) => votes));
    left = left.toSpliced(from, to - from);
  }
  return ranges;
};

/** Moves a window over the numbers. */
const bestRange = (numbers: Numbers, tolerance: number): { from: number; to: number } => {
  let best = { from: 0, to: 0, count: 0, width: 0 };
  let count = 0;
  let from = 0;
  for (const [at, [value, votes]] of numbers.entries()) {
    count += votes.length;
    for (
      let first = numbers[from];
      first !== undefined && isFurther(first[0], value, tolerance);
      first = numbers[from]
    ) {
      count -= first[1].length;
      from += 1;
    }
    const width = value - (numbers[from]?.[0] ?? value);
    if (count > best.count || (count === best.count && width < best.width))
      best = { from, to: at + 1, count, width };
  }
  return best;
};

/** Two decimals may differ by a rounding error more than they are written to: 0.8 − 0.7. */
const isFurther = (low: number, high: number, tolerance: number): boolean =>
  high - low > tolerance + 4 * Number.EPSILON * Math.max(Math.abs(low), Math.abs(high));
