import { concatMap, from, map, type Observable, reduce } from 'rxjs';
import { asPromise, isArray } from '../domain/foreign.ts';
import { inParts } from '../domain/in-parts.ts';
import type { Model } from '../domain/model.ts';
import { defineEmbedder, type Embeddings, type Vector } from '../grouping/define-embedder.ts';
import { checked, hasMethods, nonEmpty, properName, required, suchThat } from '../options.ts';

/** An embedding model of the AI SDK, such as `openai.embedding('text-embedding-3-small')`: of version 2 and later of its interface. */
export interface AiSdkEmbeddingModel {
  readonly provider: string;
  readonly modelId: string;
  readonly maxEmbeddingsPerCall?: number | undefined | PromiseLike<number | undefined>;
  doEmbed(options: { values: string[]; abortSignal?: AbortSignal }): PromiseLike<{
    readonly embeddings: readonly Vector[];
    readonly usage?: { readonly tokens: number } | undefined;
  }>;
}

/**
 * Creates an embedding model for {@link byEmbedding} from one of the AI SDK. Its requests are made one after the other, each
 * with as many texts as the model takes. Its retries are those of your policies: `doEmbed` makes none.
 *
 * @param id the name of the model in costs. Default: its provider and name, such as `openai.embedding/text-embedding-3-small`.
 * @throws {ConfigError} if it is no embedding model.
 *
 * @example
 * ```ts
 * import { aiSdkEmbedder } from 'crucible-ensemble/ai-sdk';
 *
 * // In place of openai.embedding('text-embedding-3-small') of @ai-sdk/openai.
 * const model = {
 *   provider: 'mine',
 *   modelId: 'lengths',
 *   doEmbed: async ({ values }: { values: string[] }) => ({ embeddings: values.map((value) => [value.length, 1]) }),
 * };
 * aiSdkEmbedder(model).id; // => 'mine/lengths'
 * ```
 */
export const aiSdkEmbedder = (model: AiSdkEmbeddingModel, id?: string): Model => {
  checked('aiSdkEmbedder', { model, id }, { model: required(anEmbeddingModel), id: properName });
  const { provider, modelId } = model;
  const embedder = defineEmbedder(
    id ?? `${provider}/${modelId}`,
    (texts, { signal }): Observable<Embeddings> => {
      const part = (values: readonly string[]) =>
        asPromise(() => model.doEmbed({ values: [...values], abortSignal: signal }));
      return from(asPromise(() => model.maxEmbeddingsPerCall)).pipe(
        concatMap((most) => inParts(texts, sizeOf(most, texts))),
        concatMap(part),
        map(({ embeddings, usage }) => ({ embeddings, tokens: usage?.tokens })),
        reduce((all, some) => ({
          embeddings: isArray(some.embeddings) ? [...all.embeddings, ...some.embeddings] : [],
          tokens:
            all.tokens === undefined || some.tokens === undefined ? undefined : all.tokens + some.tokens,
        })),
        map(({ embeddings, tokens }) => ({
          embeddings,
          ...(tokens !== undefined && { usage: { inputTokens: tokens } }),
        })),
      );
    },
  );
  // The AI SDK calls providers such as `openai.embedding`.
  return { ...embedder, provider: provider.split('.')[0] as string, modelId };
};

const anEmbeddingModel = suchThat(
  'an embedding model of the AI SDK, with doEmbed',
  (value) =>
    hasMethods(value, 'doEmbed') &&
    nonEmpty((value as AiSdkEmbeddingModel).provider) === undefined &&
    nonEmpty((value as AiSdkEmbeddingModel).modelId) === undefined,
);

/** The most texts of a call, as the model says; without a number, all. */
const sizeOf = (most: unknown, texts: readonly string[]): number =>
  Number.isSafeInteger(most) && (most as number) > 0 ? (most as number) : texts.length;
