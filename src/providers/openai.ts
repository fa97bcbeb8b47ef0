import type { OpenAI } from 'openai';
import type { Model, ModelResponse } from '../domain/model.ts';
import { between, faultsOf, nonEmpty, oneOf, refuse, wholeNumber } from '../options.ts';
import { boundedFetch, MAX_RESPONSE_BYTES } from './bounded-fetch.ts';
import { clientFaults, clientWith, OUT_OF_THE_WAY, url } from './client-options.ts';
import { keyFaults, requireKey } from './environment.ts';
import { toChat } from './openai-protocol/chat-request.ts';
import { openaiRateLimits } from './openai-protocol/rate-headers.ts';
import { readChunks } from './openai-protocol/read-chunks.ts';
import { readCompletion } from './openai-protocol/read-completion.ts';
import { type Exchange, importPeer, providerModel } from './provider-model.ts';
import { withRateLimits } from './rate-limits.ts';
import { sdkError } from './sdk-error.ts';

/** What is used of a ready-made client: an `OpenAI` has it, and an `AzureOpenAI`. */
export interface OpenAIClient {
  readonly chat: { readonly completions: Pick<OpenAI['chat']['completions'], 'create'> };
}

/** Options of {@link openai}. */
export interface OpenAIOptions {
  /** Names the model in votes, weights and costs. Default: `openai/` and the model's name. */
  readonly id?: string;
  /** The key. Default: the environment's `OPENAI_API_KEY`. */
  readonly apiKey?: string;
  /** Where the API is, with its `/v1`. Default: the SDK's own. */
  readonly baseURL?: string;
  /** A client of your own, in place of `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly client?: OpenAIClient;
  /** The most tokens that are written, those of hidden reasoning included. Default: the model's own. */
  readonly maxOutputTokens?: number;
  /** How freely tokens are drawn, 0..2. Default: not sent; models that reason refuse it. */
  readonly temperature?: number;
  /** How much a model reasons before it answers, such as `'none'` or `'low'`. Default: not sent. */
  readonly reasoningEffort?: ReasoningEffort;
  /** Asks for the probabilities of tokens, and takes the confidence from them. Models that reason refuse. */
  readonly confidence?: 'logprobs';
  /** The most bytes of a response that are read. Default 16 MiB. */
  readonly maxResponseBytes?: number;
}

/** How much a model reasons before it answers, from the least to the most. */
export type ReasoningEffort = NonNullable<OpenAI.ReasoningEffort>;

const EFFORTS: Readonly<Record<ReasoningEffort, true>> = {
  none: true,
  minimal: true,
  low: true,
  medium: true,
  high: true,
  xhigh: true,
  max: true,
};

/**
 * A model of OpenAI's, asked for chat completions through the official SDK, `openai`, which is imported at the
 * first call. One request a call: the SDK's own retries and deadlines are off.
 *
 * @throws {ConfigError} for options that cannot work, and without a key. Nothing is sent.
 *
 * @example
 * ```ts
 * import { openai } from 'crucible-ensemble/openai';
 *
 * const model = openai('gpt-6-luna', { apiKey: 'a key of yours', maxOutputTokens: 500 });
 * model.id; // => 'openai/gpt-6-luna'
 * ```
 */
export const openai = (modelId: string, options: OpenAIOptions = {}): Model => {
  // Spread, so that options that are none are refused below and not here.
  const { client, apiKey } = { ...options };
  refuse([
    ...faultsOf('openai', { modelId: modelId ?? null }, { modelId: nonEmpty }),
    ...faultsOf('openai', options, {
      id: nonEmpty,
      apiKey: nonEmpty,
      baseURL: url,
      client: clientWith('chat'),
      maxOutputTokens: wholeNumber(1),
      temperature: between(0, 2),
      reasoningEffort: oneOf(Object.keys(EFFORTS), ''),
      confidence: oneOf(['logprobs'], ''),
      maxResponseBytes: wholeNumber(1),
    }),
    ...clientFaults('openai', options),
    ...(client === undefined ? keyFaults('openai', apiKey, 'OPENAI_API_KEY') : []),
  ]);
  const id = options.id ?? `openai/${modelId}`;
  return providerModel<OpenAIClient>({
    id,
    provider: 'openai',
    modelId,
    connect: client === undefined ? connectWith(id, options) : async () => client,
    ask: (connected, exchange) => ask(connected, exchange, id, toParameters(modelId, options)),
    toError: (error) => sdkError(id, error, openaiRateLimits),
  });
};

const connectWith = (id: string, options: OpenAIOptions): (() => Promise<OpenAIClient>) => {
  const { baseURL, maxResponseBytes = MAX_RESPONSE_BYTES } = options;
  const apiKey = requireKey('openai', options.apiKey, 'OPENAI_API_KEY');
  return async () => {
    const { OpenAI: Client } = await importPeer(id, 'openai', () => import('openai'));
    return new Client({
      apiKey,
      ...(baseURL !== undefined && { baseURL }),
      fetch: boundedFetch(maxResponseBytes),
      // What it has to say is in the errors, without what it was said about.
      logLevel: 'off',
    });
  };
};

/** What does not change from call to call. */
type Parameters = Pick<
  OpenAI.ChatCompletionCreateParams,
  'model' | 'max_completion_tokens' | 'temperature' | 'reasoning_effort' | 'logprobs'
>;

const toParameters = (modelId: string, options: OpenAIOptions): Parameters => ({
  model: modelId,
  ...(options.maxOutputTokens !== undefined && { max_completion_tokens: options.maxOutputTokens }),
  ...(options.temperature !== undefined && { temperature: options.temperature }),
  ...(options.reasoningEffort !== undefined && { reasoning_effort: options.reasoningEffort }),
  ...(options.confidence === 'logprobs' && { logprobs: true }),
});

const ask = async (
  client: OpenAIClient,
  { request, signal, emit }: Exchange,
  id: string,
  parameters: Parameters,
): Promise<ModelResponse> => {
  const body = { ...parameters, ...toChat(request) };
  const options = { signal, ...OUT_OF_THE_WAY };
  if (!request.wantsDeltas) {
    const { data, response, request_id } = await client.chat.completions.create(body, options).withResponse();
    return withRateLimits(readCompletion(id, data, request_id), openaiRateLimits(response.headers));
  }
  const { data, response, request_id } = await client.chat.completions
    .create({ ...body, stream: true, stream_options: { include_usage: true } }, options)
    .withResponse();
  return withRateLimits(await readChunks(id, data, emit, request_id), openaiRateLimits(response.headers));
};
