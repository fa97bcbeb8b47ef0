import type { Normalizer } from '../domain/normalizer.ts';
import type { Query } from '../domain/request.ts';
import type { EventStream } from '../engine/predict.ts';
import type { AnswerFor, Normalization, NormalizerName } from '../normalizers/normalizers.ts';
import { createAutoEnsemble } from './create-auto-ensemble.ts';
import type { AutoPredictOptions } from './predict.ts';

/**
 * Streams a prediction by models that are given by name: deltas, responses, failures and tallies, then the prediction.
 * Returns a cold Observable that is an async iterable too.
 *
 * ```text
 * predictStream   ^--dd-r-d-r-(c|)      delta, response, complete
 * ```
 *
 * @throws {ConfigError} listing every fault. Nothing is sent before `subscribe`.
 *
 * @example
 * ```ts
 * import { predictStream } from 'crucible-ensemble/auto';
 * import { simulated } from 'crucible-ensemble';
 *
 * const models = ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 1 }));
 * const seen: string[] = [];
 * for await (const { type } of predictStream('What is 17 * 23?', { models })) seen.push(type);
 * seen.at(-1); // => 'complete'
 * ```
 */
export function predictStream<const N extends NormalizerName = 'lowercaseTrim'>(
  query: Query,
  options?: AutoPredictOptions<N>,
): EventStream<AnswerFor<N>>;
export function predictStream<Answer>(
  query: Query,
  options: AutoPredictOptions<Normalizer<Answer>>,
): EventStream<Answer>;
export function predictStream<N extends Normalization>(
  query: Query,
  { signal, ...options }: AutoPredictOptions<N> = {},
): EventStream<AnswerFor<N>> {
  return createAutoEnsemble<N>(options).stream(query, { signal });
}
