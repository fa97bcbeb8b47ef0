import type { Anthropic } from '@anthropic-ai/sdk';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { type Completed, checked, oneOf, wholeNumber } from '../options.ts';
import { outputFormat } from './anthropic/output-format.ts';
import { anthropicRateLimits } from './anthropic/rate-headers.ts';
import { readEvents } from './anthropic/read-events.ts';
import { readMessage } from './anthropic/read-message.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { NO_RETRIES_NO_DEADLINE, providerFaults, providerSpecs } from './client-options.ts';
import { type Exchange, importPeer, providerModel } from './provider-model.ts';
import { withRateLimits } from './rate-limits.ts';
import { sdkError } from './sdk-error.ts';

/** A ready-made client, such as an `Anthropic` or a client for another cloud. */
export interface AnthropicClient {
  readonly messages: Pick<Anthropic['messages'], 'create'>;
}

/** Options of {@link anthropic}. */
export interface AnthropicOptions {
  /** The name of the model in votes, weights and costs. Default: `anthropic/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the environment variable `ANTHROPIC_API_KEY`. */
  readonly apiKey?: string;
  /** The base URL of the API, without `/v1`. Default: the SDK's. */
  readonly baseURL?: string;
  /** Your own client, instead of `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly client?: AnthropicClient;
  /** The maximum number of output tokens, from 1, with hidden reasoning. The API requires it. Default: 4096. */
  readonly maxOutputTokens?: number;
  /** The effort of the model, such as `'low'`. Default: not sent. */
  readonly effort?: Effort;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
}

/** How much effort a model makes, from the least to the most. */
export type Effort = NonNullable<Anthropic.OutputConfig['effort']>;

const EFFORTS: Readonly<Record<Effort, true>> = {
  low: true,
  medium: true,
  high: true,
  xhigh: true,
  max: true,
};

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
 * const model = anthropic('claude-haiku-4-5', { apiKey: 'a key of yours', maxOutputTokens: 500 });
 * model.id; // => 'anthropic/claude-haiku-4-5'
 * ```
 */
export const anthropic = (modelId: string, options: AnthropicOptions = {}): Model => {
  const settings = checked(
    'anthropic',
    options,
    specs(modelId),
    providerFaults('anthropic', 'anthropic', { modelId, options }),
  );
  const { id, client } = settings;
  return providerModel<AnthropicClient>({
    id,
    provider: 'anthropic',
    modelId,
    connect: async () => client ?? connect(settings),
    ask: (connected, exchange) => ask(connected, exchange, { ...settings, modelId }),
    toError: (error) => sdkError(id, error, anthropicRateLimits),
  });
};

const specs = (modelId: string) =>
  ({
    ...providerSpecs('anthropic', modelId, 'messages'),
    maxOutputTokens: [wholeNumber(1), MAX_OUTPUT_TOKENS],
    effort: oneOf(Object.keys(EFFORTS), ''),
  }) as const;

type Settings = Completed<AnthropicOptions, ReturnType<typeof specs>>;

const connect = async ({ id, apiKey, baseURL, maxResponseBytes }: Settings): Promise<AnthropicClient> => {
  const { Anthropic: Client } = await importPeer(id, '@anthropic-ai/sdk', () => import('@anthropic-ai/sdk'));
  return new Client({
    apiKey,
    // Otherwise the SDK would also send a token of the environment.
    authToken: null,
    ...given({ baseURL }),
    fetch: boundedFetch(maxResponseBytes),
    // Logs would contain the request.
    logLevel: 'off',
    // The ensemble has its own spans.
    openTelemetry: false,
  });
};

const ask = async (
  client: AnthropicClient,
  { request, signal, emit }: Exchange,
  { id, modelId, maxOutputTokens, effort }: Settings & { readonly modelId: string },
): Promise<ModelResponse> => {
  const { system, messages, answerSchema, wantsDeltas } = request;
  const format = answerSchema && (await outputFormat(id, answerSchema));
  const body = {
    model: modelId,
    max_tokens: maxOutputTokens,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...given({ system, output_config: format || effort ? given({ format, effort }) : undefined }),
    ...(wantsDeltas && { stream: true as const }),
  };
  const options = { signal, ...NO_RETRIES_NO_DEADLINE };
  const { data, response, request_id } = await client.messages.create(body, options).withResponse();
  const message =
    isObject(data) && Symbol.asyncIterator in data
      ? await readEvents(id, { events: data, emit, requestId: request_id })
      : readMessage(id, data, request_id);
  return withRateLimits(message, anthropicRateLimits(response.headers));
};
