import { type ExperimentOptions, runExperiment } from '../run-experiment.ts';
import type { Trial } from '../trial.ts';

/** Options of {@link rescore}: those of {@link runExperiment} that have a meaning where nothing is asked. */
export type RescoreOptions = Omit<ExperimentOptions, 'onMiss' | 'timeoutMs'>;

/**
 * An experiment on recorded calls alone: other voters, executions, normalizers, stop rules, subsets of the models. No
 * call is made. What is not recorded fails with `ReplayMissError`, and what failed, fails as it did.
 *
 * Recorded latencies drive virtual time, so a hedge starts, a limit of time passes and an election stops early just as
 * they would have; it takes no time to wait. Models are there for their names (`id`, `provider`, `modelId`): those
 * that were asked, or `recordedModel`.
 *
 * Costs no calls. Everything else is as with {@link runExperiment}.
 *
 * @throws {ConfigError} listing every option that cannot be.
 *
 * @example
 * ```ts
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
 * const conditions = { hedged: { models: ['slow', 'quick'].map(recordedModel), execution: hedged({ hedgeDelayMs: 10 }) } };
 * const [trial] = await Array.fromAsync(rescore({ dataset, conditions, journal }));
 * trial?.result.outcomes.map(({ model, status }) => `${model} ${status}`); // => ['slow cancelled', 'quick answered']
 * ```
 */
export const rescore = (options: RescoreOptions): AsyncIterable<Trial> =>
  runExperiment({ ...options, onMiss: 'error' });
