import type { Normalizer } from './domain/normalizer.ts';
import type { EnsembleOptions } from './engine/ensemble-options.ts';
import { namedForms } from './engine/option-checks.ts';
import type { AnswerFor, Normalization, NormalizerName } from './normalizers/normalizers.ts';
import type { Ensemble } from './values/ensemble.ts';
import { ensembleOf } from './values/ensemble-of.ts';

/**
 * Creates an ensemble: several models that answer one question together.
 *
 * ```text
 * predict$   ^--------(p|)
 * a          ^---4|
 * b          ^-----4|
 * c          ^-------!          cancelled, if `earlyStop` is 'decided'
 * ```
 *
 * @throws {ConfigError} that lists every fault of the options.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1 })),
 *   normalization: 'numeric',
 *   earlyStop: 'decided',
 * });
 * const { answer, metadata } = await ensemble.predict('What is 17 * 23?');
 * answer; // => 391
 * metadata.consensus; // => 1
 * ```
 */
export function createEnsemble<const N extends NormalizerName = 'lowercaseTrim'>(
  options: EnsembleOptions<N>,
): Ensemble<AnswerFor<N>>;
// Its own signature, so that an inline function gets a typed parameter and its answer is inferred.
export function createEnsemble<Answer>(options: EnsembleOptions<Normalizer<Answer>>): Ensemble<Answer>;
export function createEnsemble<N extends Normalization>(options: EnsembleOptions<N>): Ensemble<AnswerFor<N>>;
export function createEnsemble<N extends Normalization>(options: EnsembleOptions<N>): Ensemble<AnswerFor<N>> {
  return ensembleOf(options, namedForms);
}
