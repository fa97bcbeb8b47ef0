import { asyncScheduler } from 'rxjs';
import type { Model, ModelResponse } from '../domain/model.ts';
import { reading } from '../options.ts';
import { isBodyTooLarge, tooLargeError } from './bounded-fetch.ts';
import { connectionError } from './connection-error.ts';
import type { OpenAICompatibleOptions } from './openai-compatible/options.ts';
import { replyError } from './openai-compatible/reply-error.ts';
import { reportedCost } from './openai-compatible/reported-cost.ts';
import { formatOf, requestBody } from './openai-compatible/request-body.ts';
import { checkedOptions, type Settings, secretsIn, transportOf } from './openai-compatible/settings.ts';
import { outputLimit, tokenFields } from './openai-compatible/token-fields.ts';
import type { Transport } from './openai-compatible/transport.ts';
import { chatReplies } from './openai-protocol/chat-replies.ts';
import { readReply } from './openai-protocol/read-reply.ts';
import { CARRIED } from './openai-responses/build-request.ts';
import { responsesBody } from './openai-responses/responses-body.ts';
import { responsesReplies } from './openai-responses/responses-replies.ts';
import { TAKEN } from './openai-responses/setting-fields.ts';
import { movedOptions, movedSettings, toolsNeedResponses } from './openai-responses/tools-need-responses.ts';
import { mostOutputTokens } from './output-limit.ts';
import { type Exchange, providerModel } from './provider-model.ts';

export type { OpenAICompatibleOptions } from './openai-compatible/options.ts';
export type { AnswerFormat, PresetName } from './openai-compatible/presets.ts';
export type { UndiciDispatcher } from './openai-compatible/undici-transport.ts';
export {
  type OpenAICompatibleEmbedderOptions,
  openaiCompatibleEmbedder,
} from './openai-compatible-embedder.ts';

/**
 * Creates a model of any server with the protocols of OpenAI: chat completions, or the Responses API. Needs no SDK: uses
 * undici on Node, with connections that all models of a host share, and `fetch` elsewhere.
 *
 * Each call is one POST to `/chat/completions` or `/responses`, without retries and redirects. Unsubscribing closes the
 * connection.
 *
 * @throws {ConfigError} if an option is invalid or the key of a preset is missing. Lists every fault. Nothing is sent.
 *
 * @example
 * ```ts
 * import { openaiCompatible } from 'crucible-ensemble/openai-compatible';
 *
 * const local = openaiCompatible('llama3.2', { preset: 'ollama' });
 * local.id; // => 'ollama/llama3.2'
 * const anywhere = openaiCompatible('qwen3', { baseURL: 'http://gpu.internal:8000/v1', id: 'qwen' });
 * anywhere.id; // => 'qwen'
 * ```
 */
export const openaiCompatible = (modelId: string, options: OpenAICompatibleOptions = {}): Model => {
  return reading('openaiCompatible', () => {
    const settings = checkedOptions('openaiCompatible', modelId, options);
    const { id, provider } = settings;
    const isResponses = settings.api === 'responses';
    return providerModel<Transport>({
      id,
      provider,
      modelId,
      maxOutputTokens: mostOutputTokens(outputLimit(settings)),
      carries: isResponses ? CARRIED : settings.server.carries,
      takes: isResponses ? TAKEN : settings.server.takes,
      hasNoConfidence: settings.server.logprobs === undefined,
      secrets: secretsIn(settings.headers),
      settings: settingsSent(settings),
      connect: () => transportOf(settings),
      ask: (transport, exchange) => ask(transport, exchange, settings),
      toError: (error) => (isBodyTooLarge(error) ? tooLargeError(id) : connectionError(id, error)),
    });
  });
};

const settingsSent = ({
  api,
  maxOutputTokens,
  temperature,
  confidence,
  answerFormat,
  parameters,
}: Settings): Readonly<Record<string, unknown>> => ({
  ...(api === 'responses' && { api }),
  maxOutputTokens,
  temperature,
  confidence,
  answerFormat,
  parameters,
});

/** Returns the body of a request, what its model reads of it, and how the reply is read. */
const toCall = ({ request, settings: taken }: Exchange, settings: Settings) => {
  if (settings.api === 'chat') return { format: chatReplies, ...requestBody(request, settings, taken) };
  const { instruction, response_format: format } = formatOf(request, settings);
  const system = [request.system, instruction].filter(Boolean).join('\n\n');
  const limits = tokenFields(request, settings, taken.maxOutputTokens);
  const asked = system === '' ? request : { ...request, system };
  const { body, input } = responsesBody(asked, settings, { settings: taken, limits, format });
  return { format: responsesReplies, body: JSON.stringify(body), input };
};

/** The settings of a call, in the API by which it goes. */
const movedIfNeeded = (exchange: Exchange, settings: Settings): readonly [Exchange, Settings] => {
  const { id, model, isApiFree, server, url } = settings;
  if (!isApiFree || !toolsNeedResponses(model, exchange, settings)) return [exchange, settings];
  const responses = new URL(url);
  responses.pathname = url.pathname.replace(/\/chat\/completions$/, '/responses');
  return [
    { ...exchange, settings: movedSettings(id, exchange.request, exchange.settings) },
    {
      ...movedOptions(settings),
      api: 'responses',
      url: responses,
      server: { ...server, maxTokensField: 'max_output_tokens' },
    },
  ];
};

const ask = async (transport: Transport, asked: Exchange, own: Settings): Promise<ModelResponse> => {
  const [exchange, settings] = movedIfNeeded(asked, own);
  const { request, signal, emit, sends, close } = exchange;
  const { id, url, headers, finish, maxResponseBytes, server } = settings;
  const { format, body, input } = toCall(exchange, settings);
  sends(input);
  const reply = await transport({ url, headers, body, signal });
  if (reply.status < 200 || reply.status >= 300) throw await replyError(id, reply, asyncScheduler.now());
  return readReply(reply, {
    id,
    request,
    emit,
    close,
    finish,
    format,
    maxResponseBytes,
    ...(server.reportsCost === true && { costIn: reportedCost }),
  });
};
