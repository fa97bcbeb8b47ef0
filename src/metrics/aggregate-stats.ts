import type { PredictionResult, Stats } from './stats.ts';
import { statsFold } from './stats-fold.ts';

/**
 * What many predictions say together: how many there are, how long they took, what they cost, how sure they
 * are, and the same for each model.
 *
 * Exact: a quantile is type 7 of Hyndman and Fan (1996), as in R and NumPy. A query that got no prediction
 * counts as a failure, with what its calls cost. A cost that is not known is left out of the sum, which is
 * then `partial`, and never counted as 0.
 *
 * Costs no calls, and memory for each latency. For a stream, `aggregate` does the same in bounded memory.
 *
 * @example
 * ```ts
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
  const fold = statsFold();
  for (const result of results) fold.add(result);
  return fold.stats();
};
