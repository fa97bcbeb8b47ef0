import type { Model } from '../domain/model.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { requireKey } from './environment.ts';
import { ask, type GoogleApi } from './google/ask.ts';
import type { GoogleRequest } from './google/build-request.ts';
import { type CheckedOptions, checkedOptions, type GoogleOptions } from './google/options.ts';
import { refusalError } from './google/refusal-error.ts';
import { toGoogleError } from './google/to-error.ts';
import { importPeer, providerModel } from './provider-model.ts';

export type { GoogleContent, GoogleRequest } from './google/build-request.ts';
export type { GoogleOptions } from './google/options.ts';

/** What is used of a ready-made client: a `GoogleGenAI` has it. */
export interface GoogleGenAIClient {
  readonly models: {
    generateContent(parameters: GenerateContentCall): Promise<object>;
    generateContentStream(parameters: GenerateContentCall): Promise<AsyncIterable<object>>;
  };
}

/** What a client is called with. */
export interface GenerateContentCall {
  model: string;
  contents: GoogleRequest['contents'];
  config: Record<string, unknown>;
}

/** Options of {@link googleGenAI}. */
export interface GoogleGenAIOptions extends GoogleOptions {
  /** A `GoogleGenAI` of your own, such as one for Vertex AI, in place of `apiKey` and `baseURL`. */
  readonly client?: GoogleGenAIClient;
}

/**
 * A model of Google's Gemini API, asked through `@google/genai`.
 *
 * @throws {ConfigError} for options that cannot work, and without a key. Nothing is sent.
 *
 * @example
 * ```ts
 * import { googleGenAI } from 'crucible-ensemble/google-genai';
 *
 * const model = googleGenAI('gemini-3.5-flash-lite', { apiKey: 'a key of yours', maxOutputTokens: 500 });
 * model.id; // => 'google/gemini-3.5-flash-lite'
 * ```
 */
export const googleGenAI = (modelId: string, options: GoogleGenAIOptions = {}): Model => {
  const settings = checkedOptions(modelId, options, {
    owner: 'googleGenAI',
    property: 'models',
    fixed: ['apiKey', 'baseURL'],
  });
  const { id, client } = settings;
  const connect =
    client === undefined
      ? connectWith(requireKey('googleGenAI', settings.apiKey, 'GEMINI_API_KEY', 'GOOGLE_API_KEY'), settings)
      : async () => client;

  return providerModel<GoogleApi>({
    id,
    provider: 'google',
    modelId,
    connect: async () => {
      const { models } = await connect();
      return {
        generate: (request, signal) => models.generateContent(toCall(modelId, request, signal)),
        stream: (request, signal) => models.generateContentStream(toCall(modelId, request, signal)),
        isUnguarded: client !== undefined,
      };
    },
    ask: (api, exchange) => ask(api, exchange, settings),
    toError: (error) => toGoogleError(id, error),
  });
};

/** The SDK's client. What the environment could tell it otherwise is said here. */
const connectWith =
  (apiKey: string, { id, baseURL, maxResponseBytes }: CheckedOptions) =>
  async (): Promise<GoogleGenAIClient> => {
    const { GoogleGenAI } = await importPeer(id, '@google/genai', () => import('@google/genai'));
    return new GoogleGenAI({
      apiKey,
      vertexai: false,
      apiVersion: 'v1beta',
      httpOptions: {
        fetch: fetchOrRefuse(id, maxResponseBytes),
        ...(baseURL !== undefined && { baseUrl: baseURL }),
      },
    });
  };

const toCall = (
  model: string,
  { contents, systemInstruction, generationConfig }: GoogleRequest,
  abortSignal: AbortSignal,
): GenerateContentCall => ({
  model,
  contents,
  config: {
    ...generationConfig,
    ...(systemInstruction !== undefined && { systemInstruction }),
    // By itself the SDK asks again where an answer was interrupted: one call is one request.
    automaticContinuation: false,
    abortSignal,
  },
});

/**
 * A `fetch` that reads refusals itself, since the SDK keeps neither their headers
 * nor, where the body is not the JSON that it claims to be, their status.
 */
const fetchOrRefuse = (model: string, maxResponseBytes: number): typeof fetch => {
  const bounded = boundedFetch(maxResponseBytes);
  return async (input, init) => {
    const response = await bounded(input, init);
    if (response.ok) return response;
    const body = await response.text().catch(() => '');
    throw refusalError(model, response.status, body, response.headers);
  };
};
