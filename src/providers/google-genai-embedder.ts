import { embeddingResponse, textsToEmbed } from '../domain/embeddings.ts';
import { asPromise, isArray } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import { checked, nonEmpty, reading, wholeNumber } from '../options.ts';
import { asObject } from './as-object.ts';
import { providerFaults, providerSpecs } from './client-options.ts';
import { embedderModel } from './embedding/embedder-model.ts';
import { convertUsage } from './google/convert-usage.ts';
import { connectGoogleGenAI } from './google/genai-client.ts';
import { toGoogleError } from './google/to-error.ts';
import { keysOf } from './server-words.ts';

/** A client with an API for embeddings, such as a `GoogleGenAI`. */
export interface GoogleGenAIEmbeddingClient {
  readonly models: { embedContent(parameters: EmbedContentCall): Promise<object> };
}

/** The arguments of a client's call for embeddings. */
export interface EmbedContentCall {
  model: string;
  contents: { role: string; parts: { text: string }[] }[];
  config: Record<string, unknown>;
}

/** Options of {@link googleGenAIEmbedder}. */
export interface GoogleGenAIEmbedderOptions {
  /** The name of the model in costs. Default: `google/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the variable `GEMINI_API_KEY`, or else `GOOGLE_API_KEY`, for Google's own host only. */
  readonly apiKey?: string;
  /** The base URL of the API, without its version. Another host than Google's requires `apiKey`. Default: the SDK's. */
  readonly baseURL?: string;
  /** Your own client, such as one for Vertex AI, instead of `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly client?: GoogleGenAIEmbeddingClient;
  /** How many numbers a vector has, from 1. Default: the model's. */
  readonly dimensions?: number;
  /**
   * What the vectors are for, as the API calls it. Default: `SEMANTIC_SIMILARITY`; nothing for `gemini-embedding-2`, which takes
   * no such field: each text begins with it.
   */
  readonly taskType?: string;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
}

/**
 * Creates an embedding model of Google's Gemini API for `byEmbedding`. The official SDK, `@google/genai`, is imported at the
 * first call. Each call is one request for all of its texts, at most 100. The API reports no tokens, so the cost is estimated
 * from the texts.
 *
 * @throws {ConfigError} if an option is invalid or there is no key. Lists every fault. Nothing is sent.
 *
 * @example
 * ```ts
 * import { googleGenAIEmbedder } from 'crucible-ensemble/google-genai';
 * import { byEmbedding } from 'crucible-ensemble/grouping';
 *
 * const embed = googleGenAIEmbedder('gemini-embedding-001', { apiKey: 'a key of yours' });
 * embed.id; // => 'google/gemini-embedding-001'
 * const grouping = byEmbedding({ embed, threshold: 0.9 });
 * ```
 */
export const googleGenAIEmbedder = (modelId: string, options: GoogleGenAIEmbedderOptions = {}): Model => {
  const owner = 'googleGenAIEmbedder';
  return reading(owner, () => {
    const { maxOutputTokens: _, ...specs } = providerSpecs('google', {
      owner,
      modelId,
      options,
      property: 'models',
    });
    const takesNoTask = /^(?:models\/)?gemini-embedding-2/.test(modelId);
    const { id, apiKey, baseURL, client, dimensions, taskType, maxResponseBytes } = checked(
      owner,
      options,
      {
        ...specs,
        dimensions: wholeNumber(1),
        taskType: takesNoTask ? nonEmpty : [nonEmpty, 'SEMANTIC_SIMILARITY'],
      },
      providerFaults(owner, 'google', { modelId, options }),
    );
    return embedderModel<GoogleGenAIEmbeddingClient>({
      id,
      provider: 'google',
      modelId,
      secrets: [apiKey, ...keysOf(client)],
      settings: { dimensions, taskType },
      connect: async () => client ?? connectGoogleGenAI({ id, apiKey, baseURL, maxResponseBytes }),
      ask: async ({ models }, { request, signal, sends }) => {
        const texts = textsToEmbed(request);
        const sent = taskType === undefined ? texts.map((text) => SIMILARITY + text) : texts;
        sends({ messages: request.messages });
        const result = asObject(
          await asPromise(() =>
            models.embedContent({
              model: modelId,
              // A list of texts would be the parts of one content, and have one vector.
              contents: sent.map((text) => ({ role: 'user', parts: [{ text }] })),
              config: { ...given({ taskType, outputDimensionality: dimensions }), abortSignal: signal },
            }),
          ),
        );
        const vectors = isArray(result.embeddings)
          ? result.embeddings.map((one) => asObject(one).values)
          : [];
        const { usage } = convertUsage(result.usageMetadata);
        return embeddingResponse(id, { texts, vectors, usage });
      },
      toError: (error) => toGoogleError(id, error),
    });
  });
};

/** The beginning of a text for `gemini-embedding-2`, in place of a field. */
const SIMILARITY = 'task: sentence similarity | query: ';
