import { map, Observable, take } from 'rxjs';
import { embeddingResponse, textsToEmbed } from '../domain/embeddings.ts';
import { isArray } from '../domain/foreign.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { observed } from '../domain/observed.ts';
import { abortReasonOf } from '../domain/request.ts';
import { checked, ofType, properName, required } from '../options.ts';

/** The second argument of an {@link EmbedFunction}. */
export interface EmbedContext {
  /** The question that the texts answer; empty if it is not known. */
  readonly question: string;
  /** Aborts when the vectors are no longer needed, and at the timeout. */
  readonly signal: AbortSignal;
}

/** A vector: an array of numbers, or a `Float32Array` and the like. */
export type Vector = ArrayLike<number>;

/** Vectors and what they cost. */
export interface Embeddings extends Pick<ModelResponse, 'usage' | 'costUsd' | 'costSource' | 'requestId'> {
  /** One for each text. */
  readonly embeddings: readonly Vector[];
}

/**
 * An embedding model as a function: returns one vector for each text, in their order and all of one length, directly, in a
 * promise or in an Observable, of which the first value counts. Without a `costUsd` the cost is unknown, which is not 0.
 */
export type EmbedFunction = (
  texts: readonly string[],
  context: EmbedContext,
) =>
  | readonly Vector[]
  | Embeddings
  | PromiseLike<readonly Vector[] | Embeddings>
  | Observable<readonly Vector[] | Embeddings>;

/**
 * Creates an embedding model from a function of texts, for {@link byEmbedding}, under a name of its own for costs and policies.
 * It is a model like any other: it can be wrapped with policies, and never retries by itself. If the function throws, or
 * returns anything but vectors, the call fails.
 *
 * @throws {ConfigError} if the id is empty or `embed` is not a function.
 *
 * @example
 * ```ts
 * import { retry } from 'crucible-ensemble/policies';
 * import { byEmbedding, defineEmbedder } from 'crucible-ensemble/grouping';
 *
 * // Counts letters, which is no good embedding.
 * const letters = defineEmbedder('letters', (texts) => ({
 *   embeddings: texts.map((text) => [...'aeiou'].map((letter) => text.split(letter).length - 1)),
 *   costUsd: 0,
 * }));
 * const grouping = byEmbedding({ embed: retry({ maxAttempts: 2 })(letters), threshold: 0.9 });
 * grouping.name; // => 'byEmbedding'
 * ```
 */
export const defineEmbedder = (id: string, embed: EmbedFunction): Model => {
  checked('defineEmbedder', { id, embed }, { id: required(properName), embed: required(ofType('function')) });
  return {
    id,
    call: (request) =>
      new Observable((subscriber) => {
        const controller = new AbortController();
        let isSettled = false;
        subscriber.add(() => {
          if (!isSettled) controller.abort(abortReasonOf(request));
        });
        const texts = textsToEmbed(request);
        const context = { question: request.system ?? '', signal: controller.signal };
        observed(() => embed(texts, context))
          .pipe(
            take(1),
            map((result) => {
              isSettled = true;
              const { embeddings, ...rest } = (
                isArray(result) ? { embeddings: result } : { ...(result as Embeddings) }
              ) as Embeddings;
              return embeddingResponse(id, { ...rest, texts, vectors: embeddings });
            }),
          )
          .subscribe(subscriber);
      }),
  };
};
