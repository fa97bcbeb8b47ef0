import { ModelError } from '../domain/errors.ts';
import { asPromise, returned, silence } from '../domain/foreign.ts';
import type { Model } from '../domain/model.ts';
import { reading } from '../options.ts';
import type { GoogleRequest } from './google/build-request.ts';
import { fetchOrThrow } from './google/fetch-or-throw.ts';
import { type GoogleCall, googleModel } from './google/google-model.ts';
import { checkedOptions, type GoogleOptions } from './google/options.ts';
import { isFetchReplaceable, withFetch } from './google/with-fetch.ts';
import { importPeer } from './provider-model.ts';

export type { GoogleRequest, GoogleTool } from './google/build-request.ts';
export type { GoogleOptions } from './google/options.ts';
export type { GoogleContent, GooglePart } from './google/to-contents.ts';

/** A ready-made client, such as a `GoogleGenerativeAI`. */
export interface GeminiClient {
  getGenerativeModel(parameters: { model: string }, options?: { baseUrl?: string }): GeminiModel;
}

/** A model of a {@link GeminiClient}. */
export interface GeminiModel {
  generateContent(request: GoogleRequest, options?: { signal?: AbortSignal }): Promise<{ response: object }>;
  generateContentStream(
    request: GoogleRequest,
    options?: { signal?: AbortSignal },
  ): Promise<{ stream: AsyncIterable<object>; response: Promise<object> }>;
}

/** Options of {@link gemini}. */
export interface GeminiOptions extends GoogleOptions {
  /** Your own client, instead of `apiKey`. */
  readonly client?: GeminiClient;
}

/**
 * Creates a model of Google's Gemini API that uses `@google/generative-ai`, imported at the first call. Google no longer
 * maintains this SDK; `googleGenAI` uses its successor.
 *
 * @throws {ConfigError} if an option is invalid, there is no key, or the runtime does not let the global `fetch` be
 *   replaced. Lists every fault. Nothing is sent.
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
  return reading('gemini', () => {
    const settings = checkedOptions(modelId, options, {
      owner: 'gemini',
      property: 'getGenerativeModel',
      clientOptions: ['apiKey'],
      faults: isFetchReplaceable() ? [] : [`gemini: ${UNREPLACEABLE}`],
    });
    const { id, apiKey, client, baseURL, maxResponseBytes } = settings;
    /** Calls the SDK, which ignores a signal that has already aborted. */
    const guarded = <Result>(
      { signal, onError }: GoogleCall,
      call: () => Promise<Result>,
    ): Promise<Result> => {
      signal.throwIfAborted();
      if (!isFetchReplaceable()) throw new ModelError(id, UNREPLACEABLE, { costUsd: 0 });
      return withFetch(fetchOrThrow(id, { maxResponseBytes, onError }), call);
    };
    return googleModel(modelId, settings, async () => {
      const model = returned(
        (client ?? (await createClient(id, apiKey))).getGenerativeModel(
          { model: modelId },
          // The SDK appends `/v1beta`.
          baseURL === undefined ? {} : { baseUrl: baseURL.replace(/\/$/, '') },
        ),
      );
      return {
        generate: async (request, call) => {
          const { signal } = call;
          return (await guarded(call, () => asPromise(() => model.generateContent(request, { signal }))))
            .response;
        },
        stream: async (request, call) => {
          const { signal } = call;
          const { stream, response } = await guarded(call, () =>
            asPromise(() => model.generateContentStream(request, { signal })),
          );
          // The stream reports the failure. Without a handler, this promise would be an unhandled rejection.
          silence(response);
          return stream;
        },
        isUnguarded: false,
      };
    });
  });
};

const UNREPLACEABLE =
  'this runtime has no global "fetch" that can be replaced, so redirects would be followed with the key, and "maxResponseBytes" would have no effect: use googleGenAI';

const createClient = async (id: string, apiKey: string): Promise<GeminiClient> => {
  const sdk = await importPeer(id, '@google/generative-ai', () => import('@google/generative-ai'));
  return new sdk.GoogleGenerativeAI(apiKey);
};
