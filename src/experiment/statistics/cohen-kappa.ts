import { checked, oneOf, reading } from '../../options.ts';
import { isRated, type Rating, ratingRows } from './ratings.ts';

/** Options of {@link cohenKappa}. */
export interface CohenKappaOptions {
  /**
   * How far a disagreement counts: `none` each as much as another, `linear` by the difference of two numbers, or `quadratic`
   * by its square. Default `none`.
   */
  readonly weights?: 'none' | 'linear' | 'quadratic';
}

/**
 * Cohen's kappa of two raters, also weighted: how far they agree beyond chance. It is 1 if they agree always, 0 if as often as
 * by chance. `undefined` if no item has both ratings, or if both raters gave one and the same rating to all items.
 *
 * With a constant rater it is 0: what the rater says depends on nothing. Makes no calls.
 *
 * @param pairs for each item, the ratings of both raters. Items with a missing one are left out.
 *
 * @throws {ConfigError} if a rating is neither a number nor a text, or no finite number although there are weights.
 *
 * Formula: J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit",
 * Psychological Bulletin 70 (1968). The numbers themselves are the scale, so that categories need not be spaced evenly.
 *
 * @example
 * ```ts
 * import { cohenKappa } from 'crucible-ensemble/experiment';
 *
 * const pairs = [[1, 1], [2, 3], [3, 3], [5, 4], [2, 2], [4, 4]] as const;
 * cohenKappa(pairs)?.toFixed(3); // => '0.586'
 * cohenKappa(pairs, { weights: 'quadratic' })?.toFixed(3); // => '0.887'
 * ```
 */
export const cohenKappa = (
  pairs: Iterable<readonly [first: Rating, second: Rating]>,
  options: CohenKappaOptions = {},
): number | undefined =>
  reading('cohenKappa', () => {
    const { weights } = checked('cohenKappa', options, {
      weights: [oneOf(['none', 'linear', 'quadratic'], ''), 'none'],
    });
    const rated = ratingRows('cohenKappa', pairs, weights !== 'none').filter(
      ([first, second]) => isRated(first) && isRated(second),
    );
    const distance = distances[weights];
    const observed = rated.reduce((sum, [first, second]) => sum + distance(first, second), 0);
    const [firsts, seconds] = [0, 1].map((place) => [...Map.groupBy(rated, (pair) => pair[place])]);
    let byChance = 0;
    for (const [first, { length: times }] of firsts ?? [])
      for (const [second, { length }] of seconds ?? []) byChance += times * length * distance(first, second);
    return byChance > 0 ? 1 - (rated.length * observed) / byChance : undefined;
  });

const distances: Readonly<
  Record<NonNullable<CohenKappaOptions['weights']>, (first: Rating, second: Rating) => number>
> = {
  none: (first, second) => Number(first !== second),
  linear: (first, second) => Math.abs(Number(first) - Number(second)),
  quadratic: (first, second) => (Number(first) - Number(second)) ** 2,
};
