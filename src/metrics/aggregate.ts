import { defer, map, type OperatorFunction, reduce } from 'rxjs';
import { faultsOf, refuse } from '../options.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { type StatsOptions, statsChecks, statsFold } from './stats-fold.ts';

/**
 * What a stream of predictions says together, once it has completed: `aggregateStats` in one pass and in
 * memory that does not grow with the stream.
 *
 * ```text
 * source     --p1--p2--p3--|
 *              aggregate()
 * result     --------------(s|)
 * ```
 *
 * Counts, sums, means and maxima are exact. A quantile is within `relativeAccuracy` of the exact one, by
 * default 0.01, which is 1 %. A stream without predictions gives statistics of nothing, and one that fails
 * fails on.
 *
 * Costs no calls. At an accuracy of 0.01, the quantiles of a model take up to 760 numbers for latencies from
 * a millisecond to an hour, and 73,000 for any that there can be.
 *
 * Formula: DDSketch, arXiv 1908.10693.
 *
 * @throws {ConfigError} for a `relativeAccuracy` that is neither 0 nor from 0.0001 to 0.5.
 *
 * @example
 * ```ts
 * import { from, lastValueFrom } from 'rxjs';
 * import { aggregate } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 * });
 * const stats = await lastValueFrom(
 *   from(['What is 2 + 2?', 'What is 17 * 23?']).pipe(predictWith(ensemble), aggregate()),
 * );
 * stats.count; // => 2
 * ```
 */
export const aggregate = (options: StatsOptions = {}): OperatorFunction<PredictionResult, Stats> => {
  refuse(faultsOf('aggregate', options, statsChecks));
  const { relativeAccuracy = 0.01 } = options;
  return (source) =>
    defer(() =>
      source.pipe(
        reduce((fold, result) => {
          fold.add(result);
          return fold;
        }, statsFold({ relativeAccuracy })),
        map((fold) => fold.stats()),
      ),
    );
};
