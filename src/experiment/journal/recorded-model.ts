import { throwError } from 'rxjs';
import { ReplayMissError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Model } from '../../domain/model.ts';
import { checked, properName, required } from '../../options.ts';

/**
 * A model that is available only in recordings. In an experiment it answers with the `responses` of the
 * question, or from the journal. Any other call fails with `ReplayMissError`.
 *
 * @param model the id of the model. If the journal has calls of a model with a provider or with `settings`, the model, of
 *   which these are used.
 * @throws {ConfigError} if the id is empty.
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
export const recordedModel = (model: string | Omit<Model, 'call'>): Model => {
  const identity = isObject(model) ? model : { id: model };
  const { id } = identity;
  checked('recordedModel', { id }, { id: required(properName) });
  return {
    ...identity,
    call: () =>
      throwError(
        () =>
          new ReplayMissError(
            id,
            'no answer to this request is recorded, and a recordedModel makes no calls',
          ),
      ),
  };
};
