import type { Anthropic } from '@anthropic-ai/sdk';
import type { Model, ModelResponse } from '../domain/model.ts';
import { faultsOf, nonEmpty, oneOf, refuse, wholeNumber } from '../options.ts';
import { outputFormat } from './anthropic/output-format.ts';
import { anthropicRateLimits } from './anthropic/rate-headers.ts';
import { readEvents } from './anthropic/read-events.ts';
import { readMessage } from './anthropic/read-message.ts';
import { boundedFetch, MAX_RESPONSE_BYTES } from './bounded-fetch.ts';
import { clientFaults, clientWith, OUT_OF_THE_WAY, url } from './client-options.ts';
import { keyFaults, requireKey } from './environment.ts';
import { type Exchange, importPeer, providerModel } from './provider-model.ts';
import { withRateLimits } from './rate-limits.ts';
import { sdkError } from './sdk-error.ts';

/** What is used of a ready-made client: an `Anthropic` has it, and those for other clouds. */
export interface AnthropicClient {
  readonly messages: Pick<Anthropic['messages'], 'create'>;
}

/** Options of {@link anthropic}. */
export interface AnthropicOptions {
  /** Names the model in votes, weights and costs. Default: `anthropic/` and the model's name. */
  readonly id?: string;
  /** The key. Default: the environment's `ANTHROPIC_API_KEY`. */
  readonly apiKey?: string;
  /** Where the API is, without its `/v1`. Default: the SDK's own. */
  readonly baseURL?: string;
  /** A client of your own, in place of `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly client?: AnthropicClient;
  /** The most tokens that are written, those of thoughts included. The API asks for one; default 4096. */
  readonly maxOutputTokens?: number;
  /** How much effort a model puts into its answer, such as `'low'`. Default: not sent. */
  readonly effort?: Effort;
  /** The most bytes of a response that are read. Default 16 MiB. */
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

/** Enough for an answer with its reasoning, and an end to one that runs away. */
const MAX_OUTPUT_TOKENS = 4096;

/**
 * A model of Anthropic's, asked for messages through the official SDK, `@anthropic-ai/sdk`, which is imported at
 * the first call. One request a call: the SDK's own retries, deadlines and traces are off.
 *
 * @throws {ConfigError} for options that cannot work, and without a key. Nothing is sent.
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
  // Spread, so that options that are none are refused below and not here.
  const { client, apiKey } = { ...options };
  refuse([
    ...faultsOf('anthropic', { modelId: modelId ?? null }, { modelId: nonEmpty }),
    ...faultsOf('anthropic', options, {
      id: nonEmpty,
      apiKey: nonEmpty,
      baseURL: url,
      client: clientWith('messages'),
      maxOutputTokens: wholeNumber(1),
      effort: oneOf(Object.keys(EFFORTS), ''),
      maxResponseBytes: wholeNumber(1),
    }),
    ...clientFaults('anthropic', options),
    ...(client === undefined ? keyFaults('anthropic', apiKey, 'ANTHROPIC_API_KEY') : []),
  ]);
  const id = options.id ?? `anthropic/${modelId}`;
  const { effort, maxOutputTokens = MAX_OUTPUT_TOKENS } = options;
  return providerModel<AnthropicClient>({
    id,
    provider: 'anthropic',
    modelId,
    connect: client === undefined ? connectWith(id, options) : async () => client,
    ask: (connected, exchange) =>
      ask(connected, exchange, id, { model: modelId, max_tokens: maxOutputTokens }, effort),
    toError: (error) => sdkError(id, error, anthropicRateLimits),
  });
};

const connectWith = (id: string, options: AnthropicOptions): (() => Promise<AnthropicClient>) => {
  const { baseURL, maxResponseBytes = MAX_RESPONSE_BYTES } = options;
  const apiKey = requireKey('anthropic', options.apiKey, 'ANTHROPIC_API_KEY');
  return async () => {
    const { Anthropic: Client } = await importPeer(
      id,
      '@anthropic-ai/sdk',
      () => import('@anthropic-ai/sdk'),
    );
    return new Client({
      apiKey,
      // Of two ways to say who is asking, the environment's would be sent too.
      authToken: null,
      ...(baseURL !== undefined && { baseURL }),
      fetch: boundedFetch(maxResponseBytes),
      // What it has to say is in the errors, without what it was said about.
      logLevel: 'off',
      // Spans are the ensemble's to make.
      openTelemetry: false,
    });
  };
};

const ask = async (
  client: AnthropicClient,
  { request, signal, emit }: Exchange,
  id: string,
  parameters: Pick<Anthropic.MessageCreateParams, 'model' | 'max_tokens'>,
  effort: Effort | undefined,
): Promise<ModelResponse> => {
  const { system, messages, answerSchema, wantsDeltas } = request;
  const format = answerSchema && (await outputFormat(id, answerSchema));
  const body = {
    ...parameters,
    ...(system !== undefined && { system }),
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...((format || effort) && {
      output_config: { ...(format && { format }), ...(effort && { effort }) },
    }),
  };
  const options = { signal, ...OUT_OF_THE_WAY };
  if (!wantsDeltas) {
    const { data, response, request_id } = await client.messages.create(body, options).withResponse();
    return withRateLimits(readMessage(id, data, request_id), anthropicRateLimits(response.headers));
  }
  const { data, response, request_id } = await client.messages
    .create({ ...body, stream: true }, options)
    .withResponse();
  return withRateLimits(await readEvents(id, data, emit, request_id), anthropicRateLimits(response.headers));
};
