import { reading } from '../../options.ts';
import { completeRows, type RatingRow, ratingRows } from './ratings.ts';

/**
 * Fleiss' kappa: how far several raters agree on names beyond chance. It is 1 if they agree always, and 0 if as often as by
 * chance. `undefined` for fewer than two raters, for no item, and if all ratings are equal.
 *
 * Items without a rating of every rater are left out: use {@link krippendorffAlpha} if many are. Makes no calls.
 *
 * @param rows for each item, the rating of each rater; `undefined` or `null` if it is missing.
 *
 * @throws {ConfigError} if a rating is neither a number nor a text.
 *
 * Formula: J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971).
 *
 * @example
 * ```ts
 * import { fleissKappa } from 'crucible-ensemble/experiment';
 *
 * fleissKappa([['a', 'a', 'a'], ['b', 'b', 'b'], ['a', 'b', 'a'], ['b', 'b', 'b']])?.toFixed(3); // => '0.657'
 * ```
 */
export const fleissKappa = (rows: Iterable<RatingRow>): number | undefined =>
  reading('fleissKappa', () => {
    const items = completeRows(ratingRows('fleissKappa', rows, false));
    const raters = items[0]?.length ?? 0;
    if (raters < 2) return undefined;
    const pairs = raters * (raters - 1);
    const totals = new Map<number | string, number>();
    let agreed = 0;
    for (const item of items) {
      const counts = Map.groupBy(item, (rating) => rating);
      for (const [rating, { length }] of counts) {
        totals.set(rating, (totals.get(rating) ?? 0) + length);
        agreed += (length * (length - 1)) / pairs;
      }
    }
    const all = items.length * raters;
    const byChance = [...totals.values()].reduce((sum, total) => sum + (total / all) ** 2, 0);
    return totals.size < 2 ? undefined : (agreed / items.length - byChance) / (1 - byChance);
  });
