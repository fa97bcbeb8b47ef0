import type { OpenAI } from 'openai';
import { abortReason } from '../domain/abort-reason.ts';
import { given } from '../domain/given.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import type { ReasoningEffort } from '../domain/reasoning-effort.ts';
import { smallerLimit } from '../domain/request.ts';
import { type Completed, checked, oneOf, reading } from '../options.ts';
import { SDK_ACCESS, withoutHeadersOf } from './access.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { NO_RETRIES_NO_DEADLINE, providerFaults, providerSpecs } from './client-options.ts';
import { chunksOf } from './openai-protocol/body.ts';
import { toChat } from './openai-protocol/chat-request.ts';
import { openaiRateLimits } from './openai-protocol/rate-headers.ts';
import { readReply } from './openai-protocol/read-reply.ts';
import { withWholeErrors } from './openai-protocol/whole-errors.ts';
import { type Exchange, importPeer, objectsIn, providerModel } from './provider-model.ts';
import { sdkError } from './sdk-error.ts';
import { keysOf } from './server-words.ts';
import { openaiSettings } from './setting-checks.ts';

export type { ReasoningEffort } from '../domain/reasoning-effort.ts';

/** A ready-made client, such as an `OpenAI` or an `AzureOpenAI`. */
export interface OpenAIClient {
  readonly chat: { readonly completions: Pick<OpenAI['chat']['completions'], 'create'> };
}

/** Options of {@link openai}. */
export interface OpenAIOptions {
  /** The name of the model in votes, weights and costs. Default: `openai/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the environment variable `OPENAI_API_KEY`, for OpenAI's own hosts only. */
  readonly apiKey?: string;
  /** The base URL of the API, with its `/v1`. Another host than OpenAI's requires `apiKey`. Default: the SDK's. */
  readonly baseURL?: string;
  /** Your own client, instead of `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly client?: OpenAIClient;
  /** The maximum number of output tokens, from 1, with hidden reasoning. Default: the model's. */
  readonly maxOutputTokens?: number;
  /** The sampling temperature, 0..2. Default: not sent; reasoning models reject it. */
  readonly temperature?: number;
  /** The amount of reasoning before the answer, such as `'none'` or `'low'`. Default: not sent. */
  readonly reasoningEffort?: ReasoningEffort;
  /** Requests token probabilities and computes the confidence from them. Reasoning models reject it. Default: off. */
  readonly confidence?: 'logprobs';
  /**
   * `'optional'` for a server that writes no finish reasons. A stream is then complete with `[DONE]`, or at its end with a
   * chunk that has only the usage. Default: `'required'`.
   */
  readonly finish?: 'required' | 'optional';
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
}

/**
 * Creates a model of OpenAI that uses chat completions. The official SDK, `openai`, is imported at the first call. Each
 * call is one request: the SDK's retries and deadlines are off.
 *
 * @throws {ConfigError} if an option is invalid or there is no key. Lists every fault. Nothing is sent.
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
  return reading('openai', () => {
    const settings = checked(
      'openai',
      options,
      specs(modelId, options),
      providerFaults('openai', 'openai', { modelId, options }),
    );
    const { id, apiKey, client, maxOutputTokens, temperature, reasoningEffort, confidence } = settings;
    const parameters = toParameters(modelId, settings);
    return providerModel<OpenAIClient>({
      id,
      provider: 'openai',
      modelId,
      // Another server may give probabilities unasked.
      carries: new Set(),
      takes: new Set(),
      hasNoConfidence: confidence === undefined && client === undefined && settings.baseURL === undefined,
      secrets: [apiKey, ...keysOf(client)],
      maxOutputTokens,
      settings: { maxOutputTokens, temperature, reasoningEffort, confidence },
      connect: async () => client ?? connect(settings),
      ask: (connected, exchange) => ask(connected, exchange, { ...settings, parameters }),
      toError: (error) => sdkError(id, error, openaiRateLimits),
    });
  });
};

const specs = (modelId: string, options: OpenAIOptions) =>
  ({
    ...providerSpecs('openai', { owner: 'openai', modelId, options, property: 'chat' }),
    temperature: openaiSettings.temperature,
    reasoningEffort: openaiSettings.reasoningEffort,
    confidence: oneOf(['logprobs'], ''),
    finish: [openaiSettings.finish, 'required'],
  }) as const;

type Settings = Completed<OpenAIOptions, ReturnType<typeof specs>>;

const connect = async ({ id, apiKey, baseURL, maxResponseBytes }: Settings): Promise<OpenAIClient> => {
  const { OpenAI: Client } = await importPeer(id, 'openai', () => import('openai'));
  return new Client({
    apiKey,
    // Otherwise the SDK would read them from the environment, for any host.
    adminAPIKey: null,
    ...given({ baseURL }),
    ...elsewhere(baseURL),
    fetch: withWholeErrors(boundedFetch(maxResponseBytes, { leavesAnswers: true })),
    // Logs would contain the request.
    logLevel: 'off',
  });
};

/** Takes away what the SDK reads from the environment for OpenAI, if the host is another one. */
const elsewhere = (baseURL: string | undefined): object => {
  const defaultHeaders = withoutHeadersOf('OPENAI_CUSTOM_HEADERS', SDK_ACCESS.openai, baseURL);
  return defaultHeaders === undefined ? {} : { organization: null, project: null, defaultHeaders };
};

/** The parameters that are the same for every call. */
type Parameters = Pick<
  OpenAI.ChatCompletionCreateParams,
  'model' | 'max_completion_tokens' | 'temperature' | 'reasoning_effort' | 'logprobs'
>;

const toParameters = (
  model: string,
  { maxOutputTokens, temperature, reasoningEffort, confidence }: Settings,
): Parameters => ({
  model,
  ...given({
    max_completion_tokens: maxOutputTokens,
    temperature,
    reasoning_effort: reasoningEffort,
    logprobs: confidence === 'logprobs' ? true : undefined,
  }),
});

/**
 * Sends a request with the SDK and reads the reply here: the SDK would drop a broken end of a stream, and the text of
 * JSON with a `NaN` in it.
 */
const ask = async (
  client: OpenAIClient,
  { request, signal, emit, sends }: Exchange,
  { id, parameters, finish, maxResponseBytes }: Settings & { readonly parameters: Parameters },
): Promise<ModelResponse> => {
  // Closes the connection if the call fails, or if a stream continues after its answer.
  const closing = new AbortController();
  const close = (): void => closing.abort(abortReason('answered'));
  const streaming = { stream: true, stream_options: { include_usage: true } } as const;
  const limit = smallerLimit(parameters.max_completion_tokens ?? undefined, request.maxOutputTokens);
  const body = {
    ...parameters,
    ...given({ max_completion_tokens: limit }),
    ...toChat(request),
    ...(request.wantsDeltas && streaming),
  };
  const { response_format } = body;
  const { system, messages } = request;
  sends({ messages, ...given({ system, answerSchema: objectsIn({ response_format }) }) });
  const options = { signal: AbortSignal.any([signal, closing.signal]), ...NO_RETRIES_NO_DEADLINE };
  const { status, headers, body: stream } = await client.chat.completions.create(body, options).asResponse();
  try {
    const reply = { status, headers, body: chunksOf(stream) };
    return await readReply(reply, { id, request, emit, close, finish, maxResponseBytes });
  } catch (error) {
    close();
    throw error;
  }
};
