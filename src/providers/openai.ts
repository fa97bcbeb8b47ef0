import type { OpenAI } from 'openai';
import type { ModelInput } from '../domain/attempt.ts';
import { given } from '../domain/given.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { omit } from '../domain/omit.ts';
import type { ReasoningEffort } from '../domain/reasoning-effort.ts';
import { smallerLimit } from '../domain/request.ts';
import { type Completed, checked, ofType, oneOf, reading } from '../options.ts';
import { isOwn, SDK_ACCESS } from './access.ts';
import { NO_RETRIES_NO_DEADLINE, providerFaults, providerSpecs } from './client-options.ts';
import { parameterFaults, withParameters } from './extra-parameters.ts';
import { OPENAI_CARRIES, OPENAI_TAKES } from './openai-compatible/presets.ts';
import { chunksOf } from './openai-protocol/body.ts';
import { chatReplies } from './openai-protocol/chat-replies.ts';
import { toChat } from './openai-protocol/chat-request.ts';
import { chatSettings } from './openai-protocol/chat-settings.ts';
import { FIXED_OPENAI_FIELDS } from './openai-protocol/fixed-fields.ts';
import { connectOpenAI } from './openai-protocol/openai-client.ts';
import { openaiRateLimits } from './openai-protocol/rate-headers.ts';
import { readReply } from './openai-protocol/read-reply.ts';
import type { ReplyFormat } from './openai-protocol/reply-format.ts';
import { responseFormat } from './openai-protocol/response-format.ts';
import { CARRIED } from './openai-responses/build-request.ts';
import { responsesBody } from './openai-responses/responses-body.ts';
import { apiOf, finishFault, type OpenAIApi } from './openai-responses/responses-only.ts';
import { responsesReplies } from './openai-responses/responses-replies.ts';
import { type ReasoningSummary, TAKEN } from './openai-responses/setting-fields.ts';
import { movedOptions, movedSettings, toolsNeedResponses } from './openai-responses/tools-need-responses.ts';
import { type Exchange, objectsIn, providerModel } from './provider-model.ts';
import { sdkError } from './sdk-error.ts';
import { keysOf } from './server-words.ts';
import { openaiSettings } from './setting-checks.ts';

export type { ReasoningEffort } from '../domain/reasoning-effort.ts';
export { type OpenAIEmbedderOptions, openaiEmbedder } from './openai-embedder.ts';
export type { OpenAIApi } from './openai-responses/responses-only.ts';
export type { ReasoningSummary } from './openai-responses/setting-fields.ts';

/** A ready-made client, such as an `OpenAI` or an `AzureOpenAI`. */
export interface OpenAIClient {
  /** Needed for models with `api: 'chat'`. */
  readonly chat?: { readonly completions: Pick<OpenAI['chat']['completions'], 'create'> };
  /** Needed for models with `api: 'responses'`. */
  readonly responses?: Pick<OpenAI['responses'], 'create'>;
}

/** Options of {@link openai}. */
export interface OpenAIOptions {
  /** The name of the model in votes, weights and costs. Default: `openai/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the environment variable `OPENAI_API_KEY`, for OpenAI's own hosts only. */
  readonly apiKey?: string;
  /** The base URL of the API, with its `/v1`. Another host than OpenAI's requires `apiKey`. Default: the SDK's. */
  readonly baseURL?: string;
  /**
   * Chat completions or the Responses API. Default: `'chat'`, or `'responses'` for models that have no chat completions, such as
   * `gpt-5.2-pro`, `gpt-5-codex` and `o3-deep-research`, and for queries with tools to models that call tools there alone, such as
   * `gpt-6-luna`, unless their effort is `'none'`.
   */
  readonly api?: OpenAIApi;
  /** Your own client, instead of `apiKey`, `baseURL`, `maxResponseBytes` and `fetch`. */
  readonly client?: OpenAIClient;
  /** The maximum number of output tokens, from 1, with hidden reasoning. Default: the model's. */
  readonly maxOutputTokens?: number;
  /** The sampling temperature, 0..2. Default: not sent; reasoning models reject it. */
  readonly temperature?: number;
  /** The amount of reasoning before the answer, such as `'none'` or `'low'`. Default: not sent. */
  readonly reasoningEffort?: ReasoningEffort;
  /** How detailed a summary of the reasoning is written, with `api: 'responses'` alone. Default: none is asked for. */
  readonly reasoningSummary?: ReasoningSummary;
  /** Requests token probabilities and computes the confidence from them. Reasoning models reject it. Default: off. */
  readonly confidence?: 'logprobs';
  /**
   * `'optional'` for a server that writes no finish reasons. A stream is then complete with `[DONE]`, or at its end with a
   * chunk that has only the usage. Default: `'required'`.
   */
  readonly finish?: 'required' | 'optional';
  /**
   * More fields of the request, such as `{ service_tier: 'flex', prompt_cache_key: 'invoices' }`. They are merged into it last:
   * objects field by field, lists one after the other. Settings of a query go before them. The model, the messages, the stream
   * and the limit of the output cannot be set so. Default: none.
   */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
  /** Your own `fetch`, such as `undiciFetch()`. Default: that of the platform. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Creates a model of OpenAI, by chat completions or the Responses API. The official SDK, `openai`, is imported at the first
 * call. Each call is one request: the SDK's retries and deadlines are off.
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
    const settings = checked('openai', options, specs(modelId, options), [
      ...providerFaults('openai', 'openai', { modelId, options }),
      ...apiFaults(options ?? {}, apiFor(modelId, options)),
      ...parameterFaults('openai', options?.parameters, FIXED_OPENAI_FIELDS),
    ]);
    const {
      id,
      api,
      apiKey,
      client,
      maxOutputTokens,
      temperature,
      reasoningEffort,
      reasoningSummary,
      confidence,
      parameters,
    } = settings;
    const isResponses = api === 'responses';
    const fields = toFields(modelId, settings);
    const isOwnServer = client === undefined && settings.baseURL === undefined;
    const isOpenAI = isOwnServer || isOwn(settings.baseURL, SDK_ACCESS.openai.hosts);
    const isApiFree = options?.api === undefined && client === undefined && isOpenAI;
    return providerModel<OpenAIClient>({
      id,
      provider: 'openai',
      modelId,
      carries: isResponses ? CARRIED : OPENAI_CARRIES,
      takes: isResponses ? TAKEN : OPENAI_TAKES,
      // Another server may give probabilities unasked.
      hasNoConfidence: confidence === undefined && parameters === undefined && isOwnServer,
      secrets: [apiKey, ...keysOf(client)],
      maxOutputTokens,
      settings: {
        ...(isResponses && { api }),
        maxOutputTokens,
        temperature,
        reasoningEffort,
        reasoningSummary,
        confidence,
        parameters,
      },
      connect: async () => client ?? connectOpenAI(settings),
      ask: (connected, exchange) => ask(connected, exchange, { ...settings, fields, isApiFree }),
      toError: (error) => sdkError(id, error, openaiRateLimits),
    });
  });
};

/** The API of a model. An option that is neither is refused, and never shown. */
const apiFor = (modelId: string, options: OpenAIOptions | undefined): OpenAIApi => {
  const api = options?.api;
  return api === 'chat' || api === 'responses' ? api : apiOf(modelId);
};

const specs = (modelId: string, options: OpenAIOptions) =>
  ({
    ...providerSpecs('openai', { owner: 'openai', modelId, options, property: apiFor(modelId, options) }),
    fetch: ofType('function'),
    api: [openaiSettings.api, apiOf(modelId)],
    temperature: openaiSettings.temperature,
    reasoningEffort: openaiSettings.reasoningEffort,
    reasoningSummary: openaiSettings.reasoningSummary,
    confidence: oneOf(['logprobs'], ''),
    finish: [openaiSettings.finish, 'required'],
    parameters: openaiSettings.parameters,
  }) as const;

/** The faults of options that an API does not have. */
const apiFaults = ({ finish, reasoningSummary }: OpenAIOptions, api: OpenAIApi): string[] => [
  ...(api === 'chat' && reasoningSummary !== undefined
    ? [`openai: option "reasoningSummary" requires api: 'responses': chat completions have no summaries`]
    : []),
  ...(api === 'responses' && finish !== undefined ? [finishFault('openai')] : []),
];

type Settings = Completed<OpenAIOptions, ReturnType<typeof specs>>;

/** The fields that are the same for every call. */
type Fields = Pick<
  OpenAI.ChatCompletionCreateParams,
  'model' | 'max_completion_tokens' | 'temperature' | 'reasoning_effort' | 'logprobs'
>;

const toFields = (
  model: string,
  { maxOutputTokens, temperature, reasoningEffort, confidence }: Settings,
): Fields => ({
  model,
  ...given({
    max_completion_tokens: maxOutputTokens,
    temperature,
    reasoning_effort: reasoningEffort,
    logprobs: confidence === 'logprobs' ? true : undefined,
  }),
});

type Sent = Settings & {
  readonly fields: Fields;
  /** Whether the API may be chosen for each request: the caller has not, and the server has both. */
  readonly isApiFree: boolean;
};

/** A request in the form of an API: what its model reads of it, how it is sent, and how the reply is read. */
interface ApiCall {
  readonly input: ModelInput;
  readonly format: ReplyFormat;
  readonly send: (options: OpenAI.RequestOptions) => Promise<Response>;
}

const chatCall = (
  client: OpenAIClient,
  { request, settings }: Exchange,
  { id, fields, parameters }: Sent,
): ApiCall => {
  const streaming = { stream: true, stream_options: { include_usage: true } } as const;
  const limit = [settings.maxOutputTokens, request.maxOutputTokens].reduce(
    smallerLimit,
    fields.max_completion_tokens ?? undefined,
  );
  const own = chatSettings(settings);
  const body = withParameters(
    {
      ...fields,
      ...own,
      ...given({ max_completion_tokens: limit }),
      ...toChat(id, request),
      ...(request.wantsDeltas && streaming),
    },
    omit(parameters ?? {}, Object.keys(own)),
  );
  const { response_format } = body;
  const { system, messages, tools } = request;
  return {
    input: {
      messages,
      ...given({ system, tools, answerSchema: objectsIn({ ...parameters, response_format }) }),
    },
    format: chatReplies,
    send: (options) => (client as Required<OpenAIClient>).chat.completions.create(body, options).asResponse(),
  };
};

const responsesCall = (client: OpenAIClient, { request, settings }: Exchange, options: Sent): ApiCall => {
  const limit = [settings.maxOutputTokens, request.maxOutputTokens].reduce(
    smallerLimit,
    options.maxOutputTokens,
  );
  const { answerSchema } = request;
  const { body, input } = responsesBody(
    request,
    { ...options, model: options.fields.model },
    {
      settings,
      limits: given({ max_output_tokens: limit }),
      format: answerSchema && responseFormat(answerSchema),
    },
  );
  return {
    input,
    format: responsesReplies,
    send: (to) => (client as Required<OpenAIClient>).responses.create(body, to).asResponse(),
  };
};

const callOf = (client: OpenAIClient, exchange: Exchange, settings: Sent): ApiCall => {
  const { id, fields, api, isApiFree } = settings;
  if (api === 'responses') return responsesCall(client, exchange, settings);
  if (!isApiFree || !toolsNeedResponses(fields.model, exchange, settings))
    return chatCall(client, exchange, settings);
  const { request } = exchange;
  const moved = { ...exchange, settings: movedSettings(id, request, exchange.settings) };
  return responsesCall(client, moved, movedOptions(settings));
};

/**
 * Sends a request with the SDK and reads the reply here: the SDK would drop a broken end of a stream, and the text of
 * JSON with a `NaN` in it.
 */
const ask = async (client: OpenAIClient, exchange: Exchange, settings: Sent): Promise<ModelResponse> => {
  const { request, signal, emit, sends, close } = exchange;
  const { id, finish, maxResponseBytes } = settings;
  const { input, format, send } = callOf(client, exchange, settings);
  sends(input);
  const { status, headers, body } = await send({ signal, ...NO_RETRIES_NO_DEADLINE });
  const reply = { status, headers, body: chunksOf(body) };
  return readReply(reply, { id, request, emit, close, finish, format, maxResponseBytes });
};
