import { asyncScheduler } from 'rxjs';
import { ConnectionError, type ModelError, ResponseTooLargeError } from '../domain/errors.ts';
import type { Model, ModelResponse } from '../domain/model.ts';
import { isBodyTooLarge } from './bounded-fetch.ts';
import { fetchTransport } from './openai-compatible/fetch-transport.ts';
import type { OpenAICompatibleOptions } from './openai-compatible/options.ts';
import { platformTransport } from './openai-compatible/platform-transport.ts';
import { readStream, readWhole } from './openai-compatible/read-reply.ts';
import { refused } from './openai-compatible/refused.ts';
import { requestBody } from './openai-compatible/request-body.ts';
import { checkedOptions, type Settings } from './openai-compatible/settings.ts';
import type { HttpReply, Transport } from './openai-compatible/transport.ts';
import { dispatcherTransport } from './openai-compatible/undici-transport.ts';
import { type Exchange, providerModel } from './provider-model.ts';

export type { OpenAICompatibleOptions } from './openai-compatible/options.ts';
export type { AnswerFormat, PresetName } from './openai-compatible/presets.ts';
export type { UndiciDispatcher } from './openai-compatible/undici-transport.ts';

/**
 * A model behind any server that speaks the OpenAI chat protocol, asked without an SDK: through undici on Node,
 * with connections that all models of a host share, and through `fetch` elsewhere.
 *
 * One call is one POST to `/chat/completions`. No retries, no redirects. Unsubscribing closes the connection.
 *
 * @throws {ConfigError} listing every fault, for options that cannot work, and where a preset needs a key and
 * there is none. Nothing is sent.
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
  const settings = checkedOptions('openaiCompatible', modelId, options);
  const { id, dispatcher, fetch, maxResponseBytes } = settings;
  return providerModel<Transport>({
    id,
    provider: settings.server.provider,
    modelId,
    connect: async () => {
      if (dispatcher !== undefined) return dispatcherTransport(dispatcher);
      return fetch === undefined ? platformTransport() : fetchTransport(fetch);
    },
    ask: (transport, exchange) => ask(transport, exchange, settings),
    toError: (error) => toError(id, error, maxResponseBytes),
  });
};

const ask = async (
  transport: Transport,
  { request, signal, emit }: Exchange,
  settings: Settings,
): Promise<ModelResponse> => {
  const { id, url, headers } = settings;
  const post = { url, headers, body: requestBody(request, settings) };
  if (!request.wantsDeltas) {
    return readWhole(await accepted(id, transport({ ...post, signal })), settings);
  }
  // Ends what is left of a stream whose answer is there already, or will never be.
  const leave = new AbortController();
  const either = AbortSignal.any([signal, leave.signal]);
  const reply = await accepted(id, transport({ ...post, signal: either }));
  // A server that does not stream answers all at once, and says so.
  return reply.headers.get('content-type')?.includes('json')
    ? readWhole(reply, settings)
    : readStream(reply, settings, emit, () => leave.abort());
};

/** The reply, if it is an answer. */
const accepted = async (id: string, replying: Promise<HttpReply>): Promise<HttpReply> => {
  const reply = await replying;
  if (reply.status >= 200 && reply.status < 300) return reply;
  throw await refused(id, reply, asyncScheduler.now());
};

/** What a transport throws: its message may hold anything, so that only a code is repeated. */
const toError = (model: string, error: unknown, maxResponseBytes: number): ModelError => {
  if (isBodyTooLarge(error)) {
    return new ResponseTooLargeError(model, `the answer is longer than ${maxResponseBytes} bytes`);
  }
  const code = codeOf(error);
  const named = code === undefined ? '' : ` (${code})`;
  return new ConnectionError(model, `the connection failed${named}`, { isRetryable: true });
};

/** The system's word for what went wrong, such as `ECONNREFUSED`, from an error or what caused it. */
const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : codeOf(error.cause);
};
