import { checked, oneOf, reading } from '../../options.ts';
import { isRated, type RatingRow, ratingRows } from './ratings.ts';

/** Options of {@link krippendorffAlpha}. */
export interface KrippendorffAlphaOptions {
  /**
   * What ratings are: `nominal` names without an order, `ordinal` numbers of which only the order matters, or `interval`
   * numbers of which the differences matter. Default `nominal`.
   */
  readonly level?: 'nominal' | 'ordinal' | 'interval';
}

/**
 * Krippendorff's alpha: how far raters agree beyond chance, for any number of raters and with missing ratings. It is 1 if they
 * agree always, 0 if as often as by chance, and below 0 if less often. By convention, conclusions are drawn from 0.8, and
 * tentative ones from 0.667. `undefined` if no two raters rated the same item, or if all ratings are equal: then nothing tells
 * agreement from chance.
 *
 * Makes no calls. Takes time in proportion to the ratings, and to the square of the number of different ones.
 *
 * @param rows for each item, the rating of each rater; `undefined` or `null` if it is missing.
 *
 * @throws {ConfigError} if a rating is neither a number nor a text, or no finite number although the level needs one.
 *
 * Formula: K. Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), by coincidences.
 *
 * @example
 * ```ts
 * import { krippendorffAlpha } from 'crucible-ensemble/experiment';
 *
 * const alpha = krippendorffAlpha([['a', 'a', undefined], ['b', 'b', 'b'], ['a', 'b', 'a'], ['c', 'c', 'c']]);
 * alpha?.toFixed(3); // => '0.750'
 * ```
 */
export const krippendorffAlpha = (
  rows: Iterable<RatingRow>,
  options: KrippendorffAlphaOptions = {},
): number | undefined =>
  reading('krippendorffAlpha', () => {
    const { level } = checked('krippendorffAlpha', options, {
      level: [oneOf(['nominal', 'ordinal', 'interval'], ''), 'nominal'],
    });
    const units = ratingRows('krippendorffAlpha', rows, level !== 'nominal')
      .map((row) => row.filter(isRated))
      // A rating that is alone in its item is compared with none.
      .filter(({ length }) => length > 1);
    const values = [...new Set(units.flat())].sort((a, b) => Number(a) - Number(b));
    const places = new Map(values.map((value, place) => [value, place]));
    const totals = values.map(() => 0);
    const observed = units.map((unit) => {
      const counts = new Map<number, number>();
      for (const value of unit) {
        const place = places.get(value) as number;
        totals[place] = (totals[place] as number) + 1;
        counts.set(place, (counts.get(place) ?? 0) + 1);
      }
      return { counts: [...counts], size: unit.length };
    });
    const distance = distances[level](values as readonly number[], totals);
    const n = totals.reduce((sum, total) => sum + total, 0);
    const within = observed.reduce(
      (sum, { counts, size }) => sum + disagreement(counts, distance) / (size - 1),
      0,
    );
    const byChance = disagreement([...totals.entries()], distance) / (n - 1);
    return byChance > 0 ? 1 - within / byChance : undefined;
  });

/** The distance of two values by their places, squared as the formula has it. */
type Distance = (one: number, other: number) => number;

const distances: Readonly<
  Record<
    NonNullable<KrippendorffAlphaOptions['level']>,
    (values: readonly number[], totals: readonly number[]) => Distance
  >
> = {
  nominal: () => (one, other) => Number(one !== other),
  ordinal: (_, totals) => {
    // The ratings below the middle of each value, so that the difference of two is the number of ratings between them.
    let below = 0;
    const middles = totals.map((total) => {
      below += total;
      return below - total / 2;
    });
    return (one, other) => ((middles[one] as number) - (middles[other] as number)) ** 2;
  },
  interval: (values) => (one, other) => ((values[one] as number) - (values[other] as number)) ** 2,
};

/** The distances of all ordered pairs of ratings, of which each value has a count. */
const disagreement = (
  counts: readonly (readonly [place: number, count: number])[],
  distance: Distance,
): number =>
  counts.reduce(
    (sum, [one, count]) =>
      sum + counts.reduce((inner, [other, times]) => inner + count * times * distance(one, other), 0),
    0,
  );
