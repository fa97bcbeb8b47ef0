import { throwError } from 'rxjs';
import { ReplayMissError } from '../../domain/errors.ts';
import type { Model } from '../../domain/model.ts';
import { faultsOf, nonEmpty, refuse } from '../../options.ts';

/**
 * A model of which only records are left: in an experiment it answers with the `responses` of the question, or from
 * the journal; else, and everywhere else, its calls fail with `ReplayMissError`.
 *
 * @throws {ConfigError} for an empty id.
 *
 * @example
 * ```ts
 * import { recordedModel, runExperiment } from 'crucible-ensemble/experiment';
 *
 * const dataset = [
 *   { id: '1', question: 'Is 7 prime?', expected: 'yes', responses: [{ model: 'old', text: '[Yes]', costUsd: 0.01 }] },
 * ];
 * const conditions = { old: { models: [recordedModel('old')], normalization: 'boolean' as const } };
 * const [trial] = await Array.fromAsync(runExperiment({ dataset, conditions }));
 * trial?.score; // => 1
 * ```
 */
export const recordedModel = (id: string): Model => {
  refuse(faultsOf('recordedModel', { id: id ?? null }, { id: nonEmpty }));
  return {
    id,
    call: () => throwError(() => new ReplayMissError(id, 'no answer to this question was recorded')),
  };
};
