import { asPromise } from '../domain/foreign.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import { reading } from '../options.ts';
import type { GoogleRequest } from './google/build-request.ts';
import { connectGoogleGenAI } from './google/genai-client.ts';
import { googleModel } from './google/google-model.ts';
import { areResponsesReported } from './google/guarded-responses.ts';
import { checkedOptions, type GoogleOptions, type GoogleSettings } from './google/options.ts';

export type { GoogleRequest, GoogleTool } from './google/build-request.ts';
export type { GoogleOptions } from './google/options.ts';
export type { GoogleContent, GooglePart } from './google/to-contents.ts';
export {
  type EmbedContentCall,
  type GoogleGenAIEmbedderOptions,
  type GoogleGenAIEmbeddingClient,
  googleGenAIEmbedder,
} from './google-genai-embedder.ts';

/** A ready-made client, such as a `GoogleGenAI`. */
export interface GoogleGenAIClient {
  readonly models: {
    generateContent(parameters: GenerateContentCall): Promise<object>;
    generateContentStream(parameters: GenerateContentCall): Promise<AsyncIterable<object>>;
  };
}

/** The arguments of a client's call. */
export interface GenerateContentCall {
  model: string;
  contents: GoogleRequest['contents'];
  config: Record<string, unknown>;
}

/** Options of {@link googleGenAI}. */
export interface GoogleGenAIOptions extends GoogleOptions {
  /** Your own client, such as one for Vertex AI, instead of `apiKey` and `baseURL`. */
  readonly client?: GoogleGenAIClient;
}

/**
 * Creates a model of Google's Gemini API that uses the official SDK, `@google/genai`, imported at the first call.
 *
 * @throws {ConfigError} if an option is invalid or there is no key. Lists every fault. Nothing is sent.
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
  return reading('googleGenAI', () => {
    const settings = checkedOptions(modelId, options, {
      owner: 'googleGenAI',
      property: 'models',
      clientOptions: ['apiKey', 'baseURL'],
      faults: runtimeFaults(options),
    });
    const { client, parameters } = settings;
    return googleModel(modelId, settings, async () => {
      const { models } = client ?? (await connectGoogleGenAI(settings));
      return {
        generate: (request, { signal }) =>
          asPromise(() => models.generateContent(toCall(modelId, request, { parameters, signal }))),
        stream: (request, { signal }) =>
          asPromise(() => models.generateContentStream(toCall(modelId, request, { parameters, signal }))),
        isUnguarded: client !== undefined,
      };
    });
  });
};

/** Returns the fault of a limit that this runtime cannot keep for a client, which has a `fetch` of its own. */
const runtimeFaults = (options: GoogleGenAIOptions): readonly string[] =>
  options?.client === undefined || options.maxResponseBytes === undefined || areResponsesReported()
    ? []
    : [
        'googleGenAI: option "maxResponseBytes" has no effect with "client" on this runtime, which does not report the bytes of responses: leave it out, or use Node 24.4 or later',
      ];

const toCall = (
  model: string,
  { contents, systemInstruction, tools, toolConfig, generationConfig, ...request }: GoogleRequest,
  {
    parameters = {},
    signal,
  }: { readonly parameters?: GoogleSettings['parameters'] | undefined; readonly signal: AbortSignal },
): GenerateContentCall => {
  const body = { systemInstruction, tools, toolConfig, ...request };
  // The SDK sends only the fields that it knows, unless they are given as raw ones.
  const extraBody = Object.fromEntries(
    Object.entries(body).filter(([name]) => Object.hasOwn(parameters, name)),
  );
  return {
    model,
    contents,
    config: {
      ...generationConfig,
      ...given({ systemInstruction, tools, toolConfig }),
      ...(Object.keys(extraBody).length > 0 && { httpOptions: { extraBody } }),
      // Otherwise the SDK would send more requests to continue an interrupted answer.
      automaticContinuation: false,
      abortSignal: signal,
    },
  };
};
