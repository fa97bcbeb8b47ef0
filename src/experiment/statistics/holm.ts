import { reading, refuse, shown } from '../../options.ts';

/**
 * Adjusts p-values for multiple tests with the method of Holm; returns them in the given order. If you accept adjusted
 * p-values of at most 0.05, the probability of even one false positive is at most 0.05, for any dependence between the
 * tests. Never less powerful than Bonferroni. Makes no calls.
 *
 * @throws {ConfigError} if a p-value is outside of 0..1.
 *
 * Formula: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 *
 * @example
 * ```ts
 * import { holm } from 'crucible-ensemble/experiment';
 *
 * holm([0.01, 0.04, 0.03, 0.005]); // => [0.03, 0.06, 0.06, 0.02]
 * ```
 */
export const holm = (pValues: readonly number[]): readonly number[] => {
  return reading('holm', () => {
    refuse(
      pValues.flatMap((p) =>
        p >= 0 && p <= 1 ? [] : [`holm: a p-value must be a number from 0 to 1, but got ${shown(p)}`],
      ),
    );
    const adjusted: number[] = Array(pValues.length);
    let greatest = 0;
    Array.from(pValues, (p, index) => ({ p, index }))
      .sort((a, b) => a.p - b.p)
      .forEach(({ p, index }, smaller) => {
        greatest = Math.max(greatest, Math.min(1, (pValues.length - smaller) * p));
        adjusted[index] = greatest;
      });
    return adjusted;
  });
};
