import type { Fold } from './folds.ts';
import type { Course } from './play.ts';

/** The value of a row in a course. */
export type ValueOf = (course: Course, row: number) => number;

/** The ratio of two sums over rows. */
export interface Ratio {
  readonly value: number;
  /** The sum below the line. */
  readonly whole: number;
  /** For each row: how far it moves the ratio from its mean, times the number of rows. They sum to 0. */
  readonly influences: Float64Array;
}

/** Computes the ratio of two sums over the rows that were played; 0 if the one below the line is 0. */
export const ratioOf = (course: Course, rows: number, part: ValueOf, whole: ValueOf): Ratio => {
  const parts = new Float64Array(rows);
  const wholes = new Float64Array(rows);
  let [sum, all] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    if (course.calls[row] === 0) continue;
    parts[row] = part(course, row);
    wholes[row] = whole(course, row);
    sum += parts[row] ?? 0;
    all += wholes[row] ?? 0;
  }
  const value = all === 0 ? 0 : sum / all;
  return {
    value,
    whole: all,
    influences: parts.map((one, row) => (all === 0 ? 0 : ((one - value * (wholes[row] ?? 0)) * rows) / all)),
  };
};

/** Returns the mean of ratios over the same number of rows. */
export const meanRatio = (ratios: readonly Ratio[]): Ratio => {
  const mean = (of: (ratio: Ratio) => number): number =>
    ratios.reduce((sum, ratio) => sum + of(ratio), 0) / ratios.length;
  const influences = new Float64Array(ratios[0]?.influences.length ?? 0);
  return {
    value: mean(({ value }) => value),
    whole: mean(({ whole }) => whole),
    influences: influences.map((_, row) => mean((ratio) => ratio.influences[row] ?? 0)),
  };
};

/**
 * Estimates the variance of a figure in cross-validation from the influences of its rows. The rows are not independent,
 * because each is learned from in all other folds, so the variance is raised as if the folds were correlated by the share of
 * the rows that each holds out.
 *
 * Source: Nadeau and Bengio, Inference for the generalization error (2003). No estimate is unbiased: Bengio and Grandvalet
 * (2004).
 */
export const varianceOf = (influences: Float64Array, folds: number): number =>
  varianceOfRows(influences) * (1 + folds / (folds - 1));

/**
 * Estimates the variance of a figure that may depend on the fit more than on the rows, such as the calls until an answer is
 * probable enough. If folds differ by more than their rows explain, so do the panels that are fitted in them, and the chosen
 * panel is one of them: the variance between folds is added.
 */
export const varianceOfFits = (influences: Float64Array, folds: readonly Pick<Fold, 'held'>[]): number => {
  const ofRows = varianceOfRows(influences);
  const means = folds.map(
    ({ held }) => held.reduce((sum, row) => sum + (influences[row] ?? 0), 0) / held.length,
  );
  const ofFolds = means.reduce((sum, mean) => sum + mean ** 2, 0) / (folds.length - 1);
  return Math.max(varianceOf(influences, folds.length), ofRows + (ofFolds - folds.length * ofRows));
};

const varianceOfRows = (influences: Float64Array): number =>
  influences.reduce((sum, influence) => sum + influence ** 2, 0) /
  (influences.length * (influences.length - 1));
