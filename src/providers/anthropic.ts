import type { Anthropic } from '@anthropic-ai/sdk';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import type { RequestFeature } from '../domain/request-features.ts';
import { type Completed, checked, ofType, reading, wholeNumber } from '../options.ts';
import { SDK_ACCESS, withoutHeadersOf } from './access.ts';
import { anthropicRateLimits } from './anthropic/rate-headers.ts';
import { emitWhole, readEvents } from './anthropic/read-events.ts';
import { readMessage } from './anthropic/read-message.ts';
import { type BodyOptions, requestBody, SETTINGS } from './anthropic/request-body.ts';
import { reviseEvent } from './anthropic/revise-event.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { NO_RETRIES_NO_DEADLINE, providerFaults, providerSpecs } from './client-options.ts';
import { parameterFaults } from './extra-parameters.ts';
import { type Exchange, importPeer, objectsIn, providerModel } from './provider-model.ts';
import { withRateLimits } from './rate-limits.ts';
import { claudeModel, takenBy } from './refused-settings.ts';
import { reviseJson } from './revise-json.ts';
import { sdkError } from './sdk-error.ts';
import { keysOf } from './server-words.ts';
import { anthropicSettings, type Effort } from './setting-checks.ts';

export type { Effort } from './setting-checks.ts';

/** A ready-made client, such as an `Anthropic` or a client for another cloud. */
export interface AnthropicClient {
  readonly messages: Pick<Anthropic['messages'], 'create'>;
}

/** Options of {@link anthropic}. */
export interface AnthropicOptions {
  /** The name of the model in votes, weights and costs. Default: `anthropic/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the environment variable `ANTHROPIC_API_KEY`, for Anthropic's own host only. */
  readonly apiKey?: string;
  /** The base URL of the API, without `/v1`. Another host than Anthropic's requires `apiKey`. Default: the SDK's. */
  readonly baseURL?: string;
  /** Your own client, instead of `apiKey`, `baseURL`, `maxResponseBytes` and `fetch`. */
  readonly client?: AnthropicClient;
  /** The maximum number of output tokens, from 1, with hidden reasoning. The API requires it. Default: 4096. */
  readonly maxOutputTokens?: number;
  /** The effort of the model, such as `'low'`. Default: not sent. */
  readonly effort?: Effort;
  /**
   * More fields of the request, such as `{ cache_control: { type: 'ephemeral' } }`. They are merged into it last: objects field by
   * field, lists one after the other. Settings of a query go before them. Default: none.
   */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
  /** Your own `fetch`, such as `undiciFetch()`. Default: that of the platform. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Enough for an answer with its reasoning, and a limit for runaway answers. */
const MAX_OUTPUT_TOKENS = 4096;

/**
 * Creates a model of Anthropic that uses the Messages API. The official SDK, `@anthropic-ai/sdk`, is imported at the
 * first call. Each call is one request: the SDK's retries, deadlines and traces are off.
 *
 * @throws {ConfigError} if an option is invalid or there is no key. Lists every fault. Nothing is sent.
 *
 * @example
 * ```ts
 * import { anthropic } from 'crucible-ensemble/anthropic';
 *
 * const model = anthropic('claude-haiku-5-5', { apiKey: 'a key of yours', maxOutputTokens: 500 });
 * model.id; // => 'anthropic/claude-haiku-5-5'
 * ```
 */
export const anthropic = (modelId: string, options: AnthropicOptions = {}): Model => {
  return reading('anthropic', () => {
    const settings = checked('anthropic', options, specs(modelId, options), [
      ...providerFaults('anthropic', 'anthropic', { modelId, options }),
      ...parameterFaults('anthropic', options?.parameters, FIXED),
    ]);
    const { id, apiKey, client, maxOutputTokens, effort, parameters } = settings;
    const known = claudeModel(modelId);
    return providerModel<AnthropicClient>({
      id,
      provider: 'anthropic',
      modelId,
      carries: CARRIES,
      takes: takenBy(SETTINGS, known),
      hasNoConfidence: true,
      secrets: [apiKey, ...keysOf(client)],
      maxOutputTokens,
      settings: { maxOutputTokens, effort, parameters },
      connect: async () => client ?? connect(settings),
      ask: (connected, exchange) => ask(connected, exchange, { ...settings, modelId, known }),
      toError: (error) => sdkError(id, error, anthropicRateLimits),
    });
  });
};

const specs = (modelId: string, options: AnthropicOptions) =>
  ({
    ...providerSpecs('anthropic', { owner: 'anthropic', modelId, options, property: 'messages' }),
    fetch: ofType('function'),
    maxOutputTokens: [wholeNumber(1), MAX_OUTPUT_TOKENS],
    effort: anthropicSettings.effort,
    parameters: anthropicSettings.parameters,
  }) as const;

/** What the API can be sent. Of other files than images and PDF files, those of text. */
const CARRIES: ReadonlySet<RequestFeature> = new Set([
  'image',
  'image-url',
  'pdf',
  'pdf-url',
  'file',
  'tools',
]);

/** The fields of a request that are set in another way. */
const FIXED: Readonly<Record<string, string>> = {
  model: 'give the model as the first argument',
  messages: 'they are those of the query',
  system: 'give the query "system"',
  stream: 'use stream(query)',
  max_tokens: 'set "maxOutputTokens"',
};

type Settings = Completed<AnthropicOptions, ReturnType<typeof specs>>;

const connect = async ({
  id,
  apiKey,
  baseURL,
  maxResponseBytes,
  fetch,
}: Settings): Promise<AnthropicClient> => {
  const { Anthropic: Client } = await importPeer(id, '@anthropic-ai/sdk', () => import('@anthropic-ai/sdk'));
  return new Client({
    apiKey,
    // Otherwise the SDK would also send a token of the environment.
    authToken: null,
    ...given({
      baseURL,
      defaultHeaders: withoutHeadersOf('ANTHROPIC_CUSTOM_HEADERS', SDK_ACCESS.anthropic, baseURL),
    }),
    fetch: boundedFetch(maxResponseBytes, {
      fetch,
      parts: ({ headers }) => ({
        // The SDK drops events without a name, which some gateways send.
        nameOf: (name) => name ?? 'message',
        revise: reviseJson(id),
        reviseEvent: reviseEvent(id),
        isStream: /\bevent-stream\b/.test(headers.get('content-type') ?? ''),
      }),
    }),
    // Logs would contain the request.
    logLevel: 'off',
    // The ensemble has its own spans.
    openTelemetry: false,
  });
};

const ask = async (
  client: AnthropicClient,
  exchange: Exchange,
  settings: Settings & Pick<BodyOptions, 'modelId' | 'known'>,
): Promise<ModelResponse> => {
  const { request, signal, emit, sends, close } = exchange;
  const { id, parameters } = settings;
  const body = await requestBody(exchange, settings);
  const { system, messages, tools } = request;
  sends({
    messages,
    ...given({
      system,
      tools,
      answerSchema: objectsIn({ ...parameters, format: body.output_config?.format }),
    }),
  });
  const options = { signal, ...NO_RETRIES_NO_DEADLINE };
  const {
    data,
    response,
    request_id: requestId,
  } = await client.messages.create(body, options).withResponse();
  const { headers } = response;
  const isStream = isObject(data) && Symbol.asyncIterator in data;
  const message =
    isStream && !isJson(response)
      ? await readEvents(id, { events: data, emit, requestId, headers, close })
      : readMessage(id, isStream ? await response.json() : data, { requestId, headers });
  if (isStream && isJson(response)) emitWhole(message, emit);
  return withRateLimits(message, anthropicRateLimits(headers));
};

/** Whether a response is JSON, as some servers answer a request for a stream, above all with an error. */
const isJson = ({ headers }: Response): boolean => /\bjson\b/.test(headers.get('content-type') ?? '');
