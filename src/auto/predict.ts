import { given } from '../domain/given.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import type { EventStream } from '../engine/predict.ts';
import type { AnswerFor, Normalization, NormalizerName } from '../normalizers/normalizers.ts';
import { reading } from '../options.ts';
import type { AutoEnsembleOptions } from './create-auto-ensemble.ts';
import { sharedEnsemble } from './shared-ensemble.ts';

/** Options of {@link predict} and {@link predictStream}. */
export interface AutoPredictOptions<N extends Normalization = Normalization> extends AutoEnsembleOptions<N> {
  /** Cancels every call in flight; the prediction then fails with a `CancelledError`. */
  readonly signal?: AbortSignal;
}

/**
 * Returns one prediction by models that are given by name. Calls with equal options share one ensemble, so `cache`,
 * `circuitBreaker`, `rateLimit` and `concurrency` apply to all of them. Plain options are compared by their content,
 * functions and other objects by their identity; `signal` and `telemetryMetadata` are those of the call.
 *
 * The 64 most recently used ensembles are kept. Without a synchronous hash, as in browsers, each call has its own ensemble.
 *
 * Rejects with a `ConfigError` that lists every fault, before anything is sent. If no prediction is possible, rejects with a
 * `NoPredictionError` that has the outcome of every call.
 *
 * @example
 * ```ts
 * import { predict } from 'crucible-ensemble/auto';
 * import { simulated } from 'crucible-ensemble';
 *
 * // With keys in the environment: const { answer } = await predict('What is 17 * 23?');
 * const models = ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 1 }));
 * const { answer } = await predict('What is 17 * 23?', { models, normalization: 'numeric' });
 * answer; // => 391
 * ```
 */
export async function predict<const N extends NormalizerName = 'lowercaseTrim'>(
  query: Query,
  options?: AutoPredictOptions<N>,
): Promise<Prediction<AnswerFor<N>>>;
export async function predict<Answer>(
  query: Query,
  options: AutoPredictOptions<Normalizer<Answer>>,
): Promise<Prediction<Answer>>;
export async function predict<N extends Normalization>(
  query: Query,
  options: AutoPredictOptions<N> = {},
): Promise<Prediction<AnswerFor<N>>> {
  return reading('predict', () => {
    const { signal, telemetryMetadata, ...rest } = options;
    return sharedEnsemble<N>(rest).predict(query, { signal, ...given({ telemetryMetadata }) });
  });
}

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
  options: AutoPredictOptions<N> = {},
): EventStream<AnswerFor<N>> {
  return reading('predictStream', () => {
    const { signal, telemetryMetadata, ...rest } = options;
    return sharedEnsemble<N>(rest).stream(query, { signal, ...given({ telemetryMetadata }) });
  });
}
