import type { Model } from '../domain/model.ts';
import { requireKey } from './environment.ts';
import { ask, type GoogleApi } from './google/ask.ts';
import type { GoogleRequest } from './google/build-request.ts';
import { checkedOptions, type GoogleOptions } from './google/options.ts';
import { toGoogleError } from './google/to-error.ts';
import { importPeer, providerModel } from './provider-model.ts';

export type { GoogleContent, GoogleRequest } from './google/build-request.ts';
export type { GoogleOptions } from './google/options.ts';

/** What is used of a ready-made client: a `GoogleGenerativeAI` has it. */
export interface GeminiClient {
  getGenerativeModel(parameters: { model: string }, options?: { baseUrl?: string }): GeminiModel;
}

/** What is used of its models. */
export interface GeminiModel {
  generateContent(request: GoogleRequest, options?: { signal?: AbortSignal }): Promise<{ response: object }>;
  generateContentStream(
    request: GoogleRequest,
    options?: { signal?: AbortSignal },
  ): Promise<{ stream: AsyncIterable<object>; response: Promise<object> }>;
}

/** Options of {@link gemini}. */
export interface GeminiOptions extends GoogleOptions {
  /** A `GoogleGenerativeAI` of your own, in place of `apiKey`. */
  readonly client?: GeminiClient;
}

/**
 * A model of Google's Gemini API, asked through `@google/generative-ai`, which Google no longer maintains:
 * `googleGenAI` asks the same models through its successor.
 *
 * @throws {ConfigError} for options that cannot work, and without a key. Nothing is sent.
 *
 * @example
 * ```ts
 * import { gemini } from 'crucible-ensemble/gemini';
 *
 * const model = gemini('gemini-3.5-flash-lite', { apiKey: 'a key of yours', maxOutputTokens: 500 });
 * model.id; // => 'google/gemini-3.5-flash-lite'
 * ```
 */
export const gemini = (modelId: string, options: GeminiOptions = {}): Model => {
  const settings = checkedOptions(modelId, options, {
    owner: 'gemini',
    property: 'getGenerativeModel',
    fixed: ['apiKey'],
  });
  const { id, client, baseURL } = settings;
  const connect =
    client === undefined
      ? connectWith(id, requireKey('gemini', settings.apiKey, 'GEMINI_API_KEY', 'GOOGLE_API_KEY'))
      : async () => client;

  return providerModel<GoogleApi>({
    id,
    provider: 'google',
    modelId,
    connect: async () => {
      const model = (await connect()).getGenerativeModel(
        { model: modelId },
        // The SDK appends `/v1beta` to what it is given.
        baseURL === undefined ? {} : { baseUrl: baseURL.replace(/\/$/, '') },
      );
      return {
        generate: async (request, signal) => {
          // The SDK listens for an abort to come, and does not see one that has been.
          signal.throwIfAborted();
          return (await model.generateContent(request, { signal })).response;
        },
        stream: async (request, signal) => {
          signal.throwIfAborted();
          const { stream, response } = await model.generateContentStream(request, { signal });
          // The answer comes to nobody a second time, so that its failure is nobody's either.
          response.catch(() => undefined);
          return stream;
        },
        // The SDK takes no `fetch`.
        isUnguarded: true,
      };
    },
    ask: (api, exchange) => ask(api, exchange, settings),
    toError: (error) => toGoogleError(id, error),
  });
};

const connectWith = (id: string, apiKey: string) => async (): Promise<GeminiClient> => {
  const sdk = await importPeer(id, '@google/generative-ai', () => import('@google/generative-ai'));
  return new sdk.GoogleGenerativeAI(apiKey);
};
