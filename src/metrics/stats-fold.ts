import { sumOf } from '../domain/cost.ts';
import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import { toRecord } from '../domain/record.ts';
import { between, type Check, checked } from '../options.ts';
import { distributionOf } from './distribution.ts';
import { exactQuantiles, type Quantiles, sketchedQuantiles } from './quantiles.ts';
import { spendingOf } from './spending.ts';
import type { ModelStats, PredictionResult, Stats, StrategyCount } from './stats.ts';

/** Options of statistics. */
export interface StatsOptions {
  /**
   * The relative error of quantiles, 0.0001 to 0.5, in memory that does not grow with the number of predictions. If it
   * is 0, quantiles are exact and every latency is kept. Default 0; for {@link aggregate} 0.01.
   */
  readonly relativeAccuracy?: number;
}

/** Statistics that are updated with each prediction and can be read at any time. */
export interface StatsFold {
  readonly add: (result: PredictionResult) => void;
  readonly stats: () => Stats;
}

const accuracy: Check = (value) =>
  value === 0 || between(0.0001, 0.5)(value) === undefined ? undefined : 'a number from 0.0001 to 0.5, or 0';

/** The specification of {@link StatsOptions}, by the default accuracy. */
export const statsSpecs = (relativeAccuracy: number) =>
  ({ relativeAccuracy: [accuracy, relativeAccuracy] }) as const;

const modelFold = ({ model, role }: Outcome, quantiles: Quantiles) => {
  const counts: Record<Outcome['status'], number> = { answered: 0, abstained: 0, failed: 0, cancelled: 0 };
  const latency = distributionOf(quantiles);
  const spending = spendingOf();
  return {
    add: (outcome: Outcome): void => {
      counts[outcome.status] += 1;
      if (outcome.status !== 'cancelled') latency.add(outcome.latencyMs);
      spending.add(outcome);
    },
    stats: (): ModelStats => ({
      model,
      ...(role !== undefined && { role }),
      calls: counts.answered + counts.abstained + counts.failed + counts.cancelled,
      successes: counts.answered,
      abstentions: counts.abstained,
      failures: counts.failed,
      cancelled: counts.cancelled,
      latencyMs: latency.summary(),
      costUsd: spending.summary(),
    }),
  };
};

/**
 * Collects statistics one prediction at a time, for a dashboard that shows them as predictions arrive.
 * `aggregateStats` and `aggregate` are built on it.
 *
 * Makes no calls. Memory grows with the number of models. If `relativeAccuracy` is 0, as by default, it also
 * grows by two numbers for each call and prediction.
 *
 * @throws {ConfigError} if `relativeAccuracy` is out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { statsFold } from 'crucible-ensemble/metrics';
 *
 * const fold = statsFold({ relativeAccuracy: 0.01 });
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 * });
 * fold.add(await ensemble.predict('What is 2 + 2?'));
 * fold.stats().count; // => 1
 * fold.add(await ensemble.predict('What is 17 * 23?'));
 * fold.stats().count; // => 2
 * ```
 */
export const statsFold = (options: StatsOptions = {}): StatsFold => {
  const { relativeAccuracy } = checked('statsFold', options, statsSpecs(0));
  const newQuantiles = relativeAccuracy === 0 ? exactQuantiles : () => sketchedQuantiles(relativeAccuracy);
  const latency = distributionOf(newQuantiles());
  const spending = spendingOf();
  const models = new Map<string, ReturnType<typeof modelFold>>();
  const strategies = new Map<string, StrategyCount>();
  const errors = new Map<string, number>();
  let successes = 0;
  let failures = 0;
  let degraded = 0;
  let consensus = 0;
  let quorum = 0;

  const addOutcome = (outcome: Outcome): void => {
    const { model, role } = outcome;
    const key = role === undefined ? model : JSON.stringify([model, role]);
    const fold = models.get(key) ?? modelFold(outcome, newQuantiles());
    models.set(key, fold);
    fold.add(outcome);
  };

  const addPrediction = ({ metadata }: Prediction): void => {
    successes += 1;
    if (metadata.status === 'degraded') degraded += 1;
    consensus += metadata.consensus;
    quorum += metadata.quorum;
    latency.add(metadata.latencyMs);
    spending.add(metadata);
    const { strategy, execution } = metadata;
    const key = JSON.stringify([strategy, execution]);
    strategies.set(key, { strategy, execution, count: (strategies.get(key)?.count ?? 0) + 1 });
  };

  const addFailure = (error: NoPredictionError): void => {
    failures += 1;
    errors.set(error.name, (errors.get(error.name) ?? 0) + 1);
    // An error before the first call cost nothing; its cost is not unknown.
    if (error.outcomes.length > 0) spending.add(sumOf(error.outcomes));
  };

  return {
    add: (result) => {
      if (result instanceof NoPredictionError) addFailure(result);
      else addPrediction(result);
      for (const outcome of result.outcomes) addOutcome(outcome);
    },
    stats: () => {
      const count = successes + failures;
      return {
        count,
        successes,
        failures,
        successShare: count === 0 ? undefined : successes / count,
        degraded,
        latencyMs: latency.summary(),
        costUsd: spending.summary(),
        meanConsensus: successes === 0 ? undefined : consensus / successes,
        meanQuorum: successes === 0 ? undefined : quorum / successes,
        strategies: [...strategies.values()],
        errors: toRecord(errors, (seen) => seen),
        models: Array.from(models.values(), (fold) => fold.stats()),
      };
    },
  };
};
