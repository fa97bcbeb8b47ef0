import { readSafely } from '../domain/foreign.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import type { QueryReader } from '../engine/request/text-request.ts';
import { valueForms } from '../engine/value-forms.ts';
import { ensembleOf } from './ensemble-of.ts';
import type { ValueEnsemble, ValueEnsembleOptions } from './value-ensemble.ts';

/**
 * Creates an ensemble of values: `createEnsemble` of `crucible-ensemble` with functions and objects in place of names and short
 * forms, and the same predictions, errors and events. A bundle has only the parts that are passed. `normalization` must be given.
 * Queries are texts unless `queries` is {@link conversations}; a decider is passed as {@link deciding}, a grouping as {@link grouped}.
 *
 * It does not warn that another normalization would read the same from answers that differ as texts.
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { createEnsemble } from 'crucible-ensemble/values';
 *
 * const ensemble = createEnsemble({
 *   models: ['Paris', 'paris', 'Rome'].map((text, index) => defineModel(`model-${index}`, () => text)),
 *   normalization: (text) => text.trim().toLowerCase(),
 * });
 * const { answer } = await ensemble.predict('What is the capital of France?');
 * answer; // => 'paris'
 * ```
 */
export const createEnsemble = <Answer>(options: ValueEnsembleOptions<Answer>): ValueEnsemble<Answer> =>
  ensembleOf(
    options as object as EnsembleOptions<typeof options.normalization>,
    valueForms(readSafely(options, 'queries') as QueryReader | undefined),
  ) as object as ValueEnsemble<Answer>;
