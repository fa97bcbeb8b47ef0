import { asyncScheduler } from 'rxjs';
import { textsToEmbed } from '../domain/embeddings.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import { omit } from '../domain/omit.ts';
import { faultsOf, reading, refuse, wholeNumber } from '../options.ts';
import { isBodyTooLarge, tooLargeError } from './bounded-fetch.ts';
import { connectionError } from './connection-error.ts';
import { embedderModel } from './embedding/embedder-model.ts';
import { FIXED_EMBEDDING_FIELDS, readEmbeddings } from './embedding/openai-embeddings.ts';
import { parameterFaults } from './extra-parameters.ts';
import type { OpenAICompatibleOptions } from './openai-compatible/options.ts';
import { replyError } from './openai-compatible/reply-error.ts';
import { checkedOptions, secretsIn, transportOf } from './openai-compatible/settings.ts';

/** Options of {@link openaiCompatibleEmbedder}. */
export interface OpenAICompatibleEmbedderOptions
  extends Pick<
    OpenAICompatibleOptions,
    | 'preset'
    | 'baseURL'
    | 'apiKey'
    | 'headers'
    | 'id'
    | 'maxResponseBytes'
    | 'dispatcher'
    | 'fetch'
    | 'resource'
    | 'deployment'
    | 'apiVersion'
  > {
  /** How many numbers a vector has, from 1, for servers that support it. Default: the model's. */
  readonly dimensions?: number;
  /** More fields of the request, such as `{ input_type: 'clustering' }`. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const names = [
  ...(['preset', 'baseURL', 'apiKey', 'headers', 'id', 'maxResponseBytes', 'dispatcher', 'fetch'] as const),
  ...(['resource', 'deployment', 'apiVersion', 'parameters'] as const),
];

/**
 * Creates an embedding model of any server with OpenAI's API for embeddings, such as Ollama, vLLM, Mistral or Azure, for
 * `byEmbedding`. Needs no SDK. Each call is one POST to `/embeddings` for all of its texts, without retries and redirects.
 *
 * @throws {ConfigError} if an option is invalid or the key of a preset is missing. Lists every fault. Nothing is sent.
 *
 * @example
 * ```ts
 * import { byEmbedding } from 'crucible-ensemble/grouping';
 * import { openaiCompatibleEmbedder } from 'crucible-ensemble/openai-compatible';
 *
 * const embed = openaiCompatibleEmbedder('nomic-embed-text', { preset: 'ollama' });
 * embed.id; // => 'ollama/nomic-embed-text'
 * const grouping = byEmbedding({ embed, threshold: 0.8 });
 * ```
 */
export const openaiCompatibleEmbedder = (
  modelId: string,
  options: OpenAICompatibleEmbedderOptions = {},
): Model => {
  const owner = 'openaiCompatibleEmbedder';
  return reading(owner, () => {
    refuse([
      ...faultsOf(owner, options, {
        ...Object.fromEntries(names.map((name) => [name, checkedBelow])),
        dimensions: wholeNumber(1),
      }),
      ...parameterFaults(owner, options?.parameters, FIXED_EMBEDDING_FIELDS),
    ]);
    const { dimensions, parameters } = options;
    const settings = checkedOptions(owner, modelId, { ...omit(options, ['dimensions']), api: 'chat' });
    const { id, provider, model, headers, maxResponseBytes } = settings;
    const url = new URL(settings.url);
    url.pathname = url.pathname.replace(/\/chat\/completions$/, '/embeddings');
    return embedderModel({
      id,
      provider,
      modelId,
      secrets: secretsIn(headers),
      settings: { dimensions, parameters },
      connect: () => transportOf(settings),
      ask: async (transport, { request, signal, sends }) => {
        const texts = textsToEmbed(request);
        sends({ messages: request.messages });
        const body = JSON.stringify({ ...parameters, model, input: texts, ...given({ dimensions }) });
        const reply = await transport({ url, headers, body, signal });
        if (reply.status < 200 || reply.status >= 300)
          throw await replyError(id, reply, asyncScheduler.now());
        return readEmbeddings(reply, { id, texts, maxResponseBytes });
      },
      toError: (error) => (isBodyTooLarge(error) ? tooLargeError(id) : connectionError(id, error)),
    });
  });
};

const checkedBelow = () => undefined;
