import { checked, oneOf, reading } from '../../options.ts';
import { completeRows, type RatingRow, ratingRows } from './ratings.ts';

/** Options of {@link intraclassCorrelation}. */
export interface IntraclassCorrelationOptions {
  /**
   * `agreement`: raters that grade alike, ICC(2). `consistency`: raters that order alike, however severe each is, ICC(3).
   * `oneWay`: each item has other raters, ICC(1). Default `agreement`.
   */
  readonly kind?: 'agreement' | 'consistency' | 'oneWay';
  /** The reliability of the grades of one rater, or of the mean of all of them. Default `single`. */
  readonly of?: 'single' | 'mean';
}

/**
 * The intraclass correlation: the share of the variance of numeric grades that comes from the items, and not from the raters.
 * It is 1 if raters always agree, and may be below 0. If the `consistency` is high and the `agreement` low, raters differ in
 * severity. `undefined` for fewer than two raters or items, and if all grades are equal.
 *
 * Items without a grade of every rater are left out. Makes no calls.
 *
 * @param rows for each item, the grade of each rater; `undefined` or `null` if it is missing.
 *
 * @throws {ConfigError} if a grade is not a finite number.
 *
 * Formula: P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater reliability", Psychological
 * Bulletin 86 (1979).
 *
 * @example
 * ```ts
 * import { intraclassCorrelation } from 'crucible-ensemble/experiment';
 *
 * // The second rater is always more severe by 2.
 * const grades = [[9, 7], [6, 4], [8, 6], [7, 5]];
 * intraclassCorrelation(grades)?.toFixed(3); // => '0.455'
 * intraclassCorrelation(grades, { kind: 'consistency' }); // => 1
 * ```
 */
export const intraclassCorrelation = (
  rows: Iterable<RatingRow<number | undefined | null>>,
  options: IntraclassCorrelationOptions = {},
): number | undefined =>
  reading('intraclassCorrelation', () => {
    const { kind, of } = checked('intraclassCorrelation', options, {
      kind: [oneOf(['agreement', 'consistency', 'oneWay'], ''), 'agreement'],
      of: [oneOf(['single', 'mean'], ''), 'single'],
    });
    const items = completeRows(ratingRows('intraclassCorrelation', rows, true)) as readonly number[][];
    const [n, k] = [items.length, items[0]?.length ?? 0];
    if (n < 2 || k < 2) return undefined;
    const columns = Array.from({ length: k }, (_, rater) => items.map((item) => item[rater] as number));
    const grand = meanOf(items.map(meanOf));
    const squaresOf = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + (value - grand) ** 2, 0);
    const ofItems = k * squaresOf(items.map(meanOf));
    const ofRaters = n * squaresOf(columns.map(meanOf));
    const all = squaresOf(items.flat());
    const between = ofItems / (n - 1);
    // Rounding may leave less than nothing.
    const residual = Math.max(0, all - ofItems - ofRaters) / ((n - 1) * (k - 1));
    const noise = kind === 'oneWay' ? Math.max(0, all - ofItems) / (n * (k - 1)) : residual;
    const severity = kind === 'agreement' ? (ofRaters / (k - 1) - residual) / n : 0;
    const whole = of === 'single' ? between + (k - 1) * noise + k * severity : between + severity;
    return all === 0 || whole === 0 ? undefined : (between - noise) / whole;
  });

const meanOf = (values: readonly number[]): number =>
  values.reduce((mean, value, index) => mean + (value - mean) / (index + 1), 0);
