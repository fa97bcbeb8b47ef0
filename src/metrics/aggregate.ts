import { defer, map, type Observable, type OperatorFunction, reduce } from 'rxjs';
import { accepting, anObservable, checked, reading } from '../options.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { type StatsOptions, statsFold, statsSpecs } from './stats-fold.ts';

/**
 * Emits the statistics of a stream of predictions when it completes: `aggregateStats` in one pass, in memory
 * that does not grow with the stream.
 *
 * ```text
 * source     --p1--p2--p3--|
 *              aggregate()
 * result     --------------(s|)
 * ```
 *
 * Counts, sums, means and maxima are exact. A quantile is within `relativeAccuracy` of the exact one, by
 * default 0.01, which is 1 %. If the stream is empty, the statistics have a count of 0. If it fails, the
 * error is passed on.
 *
 * Makes no calls. At an accuracy of 0.01, the quantiles of a model take up to 760 numbers for latencies from
 * a millisecond to an hour, and at most 73,000.
 *
 * Formula: DDSketch, arXiv 1908.10693.
 *
 * @throws {ConfigError} if `relativeAccuracy` is neither 0 nor from 0.0001 to 0.5.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { predictWith } from 'crucible-ensemble/operators';
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
  const completed = checked('aggregate', options, statsSpecs(0.01));
  return accepting('aggregate', anObservable, (source: Observable<PredictionResult>) =>
    defer(() =>
      source.pipe(
        reduce((fold, result) => {
          reading('aggregate', () => fold.add(result));
          return fold;
        }, statsFold(completed)),
        map((fold) => fold.stats()),
      ),
    ),
  );
};
