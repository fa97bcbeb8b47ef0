import { reading } from '../../options.ts';
import type { ExperimentPolicies } from '../experiment-policies.ts';
import { type ExperimentOptions, runExperiment } from '../run-experiment.ts';
import type { Trial } from '../trial.ts';

/** Options of {@link rescore}: those of {@link runExperiment} that apply if no calls are made. */
export type RescoreOptions = Omit<ExperimentOptions, 'onMiss' | 'timeoutMs' | keyof ExperimentPolicies>;

/**
 * Runs an experiment on recorded calls only: with other voters, executions, normalizers, stop rules, or
 * subsets of the models. Makes no calls. A call that is not recorded fails with `ReplayMissError`; a recorded
 * failure fails again.
 *
 * Recorded latencies drive virtual time, so hedges, timeouts and early stops happen as they would have,
 * without waiting. Models are used only for their identity (`id`, `provider`, `modelId`) and `settings`: pass the
 * original models, or `recordedModel`.
 *
 * Costs no calls. Otherwise like {@link runExperiment}.
 *
 * @throws {ConfigError} that lists every invalid option.
 *
 * @example
 * ```ts
 * import { hedged, simulated } from 'crucible-ensemble';
 * import { memoryJournal, recordedModel, rescore, runExperiment } from 'crucible-ensemble/experiment';
 *
 * const journal = memoryJournal();
 * const dataset = [{ id: '1', question: 'What is 17 * 23?', expected: 391 }];
 * const models = [
 *   simulated({ id: 'slow', accuracy: 1, latencyMs: 30 }),
 *   simulated({ id: 'quick', accuracy: 1, latencyMs: 5 }),
 * ];
 * await Array.fromAsync(runExperiment({ dataset, conditions: { all: { models } }, journal }));
 *
 * const conditions = { hedged: { models: models.map(recordedModel), execution: hedged({ hedgeDelayMs: 10 }) } };
 * const [trial] = await Array.fromAsync(rescore({ dataset, conditions, journal }));
 * trial?.result.outcomes.map(({ model, status }) => `${model} ${status}`); // => ['slow cancelled', 'quick answered']
 * ```
 */
export const rescore = (options: RescoreOptions): AsyncIterable<Trial> =>
  reading('rescore', () => runExperiment({ ...options, onMiss: 'error' }));
