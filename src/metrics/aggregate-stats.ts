import { reading } from '../options.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { statsFold } from './stats-fold.ts';

/**
 * Statistics of many predictions: counts, latencies, costs, consensus, and the same for each model.
 *
 * Quantiles are exact: type 7 of Hyndman and Fan (1996), as in R and NumPy. A query without a prediction
 * counts as a failure, with the cost of its calls. If a cost is unknown, the sum leaves it out and is
 * `partial`; it is never counted as 0.
 *
 * Makes no calls. Keeps every latency in memory; for a stream, `aggregate` does the same in bounded memory.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { aggregateStats } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 * });
 * const predictions = [
 *   await ensemble.predict('What is 2 + 2?'),
 *   await ensemble.predict('What is 17 * 23?'),
 * ];
 * const stats = aggregateStats(predictions);
 * stats.successShare; // => 1
 * stats.meanConsensus; // => 1
 * stats.models.map(({ model, successes }) => [model, successes]);
 * // => [['model-1', 2], ['model-2', 2], ['model-3', 2]]
 * ```
 */
export const aggregateStats = (results: Iterable<PredictionResult>): Stats => {
  return reading('aggregateStats', () => {
    const fold = statsFold();
    for (const result of results) fold.add(result);
    return fold.stats();
  });
};
