import type { OpenAI } from 'openai';
import { textsToEmbed } from '../domain/embeddings.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import { checked, reading, wholeNumber } from '../options.ts';
import { NO_RETRIES_NO_DEADLINE, providerFaults, providerSpecs } from './client-options.ts';
import { embedderModel } from './embedding/embedder-model.ts';
import { FIXED_EMBEDDING_FIELDS, readEmbeddings } from './embedding/openai-embeddings.ts';
import { parameterFaults } from './extra-parameters.ts';
import { chunksOf } from './openai-protocol/body.ts';
import { connectOpenAI } from './openai-protocol/openai-client.ts';
import { openaiRateLimits } from './openai-protocol/rate-headers.ts';
import { sdkError } from './sdk-error.ts';
import { keysOf } from './server-words.ts';
import { openaiSettings } from './setting-checks.ts';

/** Options of {@link openaiEmbedder}. */
export interface OpenAIEmbedderOptions {
  /** The name of the model in costs. Default: `openai/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the environment variable `OPENAI_API_KEY`, for OpenAI's own hosts only. */
  readonly apiKey?: string;
  /** The base URL of the API, with its `/v1`. Another host than OpenAI's requires `apiKey`. Default: the SDK's. */
  readonly baseURL?: string;
  /** Your own client, such as an `AzureOpenAI`, instead of `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly client?: { readonly embeddings: Pick<OpenAI['embeddings'], 'create'> };
  /** How many numbers a vector has, from 1. Default: the model's. */
  readonly dimensions?: number;
  /** More fields of the request, such as `{ user: 'yours' }`. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
}

/**
 * Creates an embedding model of OpenAI for `byEmbedding`. The official SDK, `openai`, is imported at the first call. Each call
 * is one request for all of its texts, at most 2,048; the SDK's retries and deadlines are off.
 *
 * @throws {ConfigError} if an option is invalid or there is no key. Lists every fault. Nothing is sent.
 *
 * @example
 * ```ts
 * import { byEmbedding } from 'crucible-ensemble/grouping';
 * import { openaiEmbedder } from 'crucible-ensemble/openai';
 *
 * const embed = openaiEmbedder('text-embedding-3-small', { apiKey: 'a key of yours' });
 * embed.id; // => 'openai/text-embedding-3-small'
 * const grouping = byEmbedding({ embed, threshold: 0.7 });
 * ```
 */
export const openaiEmbedder = (modelId: string, options: OpenAIEmbedderOptions = {}): Model => {
  return reading('openaiEmbedder', () => {
    const { maxOutputTokens: _, ...specs } = providerSpecs('openai', {
      owner: 'openaiEmbedder',
      modelId,
      options,
      property: 'embeddings',
    });
    const { id, apiKey, baseURL, client, dimensions, parameters, maxResponseBytes } = checked(
      'openaiEmbedder',
      options,
      { ...specs, dimensions: wholeNumber(1), parameters: openaiSettings.parameters },
      [
        ...providerFaults('openaiEmbedder', 'openai', { modelId, options }),
        ...parameterFaults('openaiEmbedder', options?.parameters, FIXED_EMBEDDING_FIELDS),
      ],
    );
    return embedderModel({
      id,
      provider: 'openai',
      modelId,
      secrets: [apiKey, ...keysOf(client)],
      settings: { dimensions, parameters },
      connect: async () => client ?? connectOpenAI({ id, apiKey, baseURL, maxResponseBytes }),
      ask: async ({ embeddings }, { request, signal, sends }) => {
        const texts = textsToEmbed(request);
        sends({ messages: request.messages });
        const body = { ...parameters, model: modelId, input: texts, ...given({ dimensions }) };
        const reply = await embeddings
          .create({ ...body, encoding_format: 'base64' }, { signal, ...NO_RETRIES_NO_DEADLINE })
          .asResponse();
        return readEmbeddings(
          { status: reply.status, headers: reply.headers, body: chunksOf(reply.body) },
          { id, texts, maxResponseBytes },
        );
      },
      toError: (error) => sdkError(id, error, openaiRateLimits),
    });
  });
};
