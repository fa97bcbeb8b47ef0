import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { Model } from '../domain/model.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { RequestFeature } from '../domain/request-features.ts';
import {
  checked,
  hasMethods,
  nonEmpty,
  ofType,
  properName,
  reading,
  suchThat,
  wholeNumber,
} from '../options.ts';
import { providerModel } from '../providers/provider-model.ts';
import type { AiSdkLanguageModel } from './member/ai-sdk-language-model.ts';
import { callOptions } from './member/call-options.ts';
import { readStream } from './member/read-stream.ts';
import { toModelError } from './member/to-model-error.ts';
import { toResponse } from './member/to-response.ts';

/** Options of {@link fromAiSdk}. */
export interface FromAiSdkOptions {
  /** The name of the model in votes, weights and costs. Default: its provider and name, such as `openai/gpt-6-luna`. */
  readonly id?: string;
  /** The maximum number of output tokens of a call, from 1, with hidden reasoning. Default: none is sent. */
  readonly maxOutputTokens?: number;
  /**
   * Options of the provider, such as `{ openai: { serviceTier: 'flex' } }`. They are recorded in journals, so put no keys here.
   * Default: none.
   */
  readonly providerOptions?: SharedV4ProviderOptions;
}

/**
 * Creates a model from a language model of the AI SDK: of version 7 (`LanguageModelV4`), or 6 (`LanguageModelV3`). Each call is
 * one `doGenerate`, or one `doStream` if deltas are wanted. Retries are those of your policies: these methods make none.
 * Unsubscribing aborts the request.
 *
 * Passes on texts, images, files, tools, their calls and results, the JSON Schema of the answer, and all settings. A response has
 * the reasoning, the calls and the tokens. What the library has no place for, such as sources, is left out with a warning.
 *
 * @throws {ConfigError} if it is no such model, or an option is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { ensembleModel, fromAiSdk } from 'crucible-ensemble/ai-sdk';
 *
 * // In place of openai('gpt-6-luna') of @ai-sdk/openai: an ensemble is a language model, too.
 * const luna = ensembleModel(createEnsemble({ models: [defineModel('one', () => '4')] }), { modelId: 'luna' });
 *
 * const panel = createEnsemble({ models: [fromAiSdk(luna), defineModel('other', () => '4')] });
 * const { metadata } = await panel.predict('What is 2 + 2?');
 * metadata.votes; // => { 4: 2 }
 * metadata.modelsUsed; // => ['crucible/luna', 'other']
 * ```
 */
export const fromAiSdk = (model: AiSdkLanguageModel, options: FromAiSdkOptions = {}): Model =>
  reading('fromAiSdk', () => {
    checked('fromAiSdk', { model }, { model: { required: aLanguageModel } });
    const { provider: name, modelId, specificationVersion } = model;
    // The AI SDK calls providers such as `openai.responses`.
    const provider = name.split('.')[0] as string;
    const { id, maxOutputTokens, providerOptions } = checked('fromAiSdk', options, {
      id: [properName, `${provider}/${modelId}`],
      maxOutputTokens: wholeNumber(1),
      providerOptions: ofType('object'),
    });
    const settings = { id, model, maxOutputTokens, providerOptions };
    return providerModel<AiSdkLanguageModel>({
      id,
      provider,
      modelId,
      carries: EVERYTHING,
      takes: specificationVersion === 'v3' ? SETTINGS : new Set([...SETTINGS, 'reasoningEffort']),
      hasNoConfidence: true,
      secrets: [],
      maxOutputTokens,
      settings: { maxOutputTokens, providerOptions },
      connect: async () => model,
      async ask(connected, exchange) {
        const asked = (await callOptions(exchange, settings)) as never;
        const isJson = exchange.request.answerSchema !== undefined;
        if (exchange.request.wantsDeltas !== true)
          return toResponse(id, await connected.doGenerate(asked), isJson);
        const { stream, response } = await connected.doStream(asked);
        const answered = await readStream(id, stream, exchange);
        return toResponse(
          id,
          { ...answered, response: { ...response, ...(answered.response as object) } },
          isJson,
        );
      },
      toError: (error) => toModelError(id, error),
    });
  });

/** Which files a model takes is known to its provider, which refuses the others. */
const EVERYTHING: ReadonlySet<RequestFeature> = new Set([
  ...(['image', 'image-url', 'pdf', 'pdf-url', 'audio', 'audio-url', 'file', 'file-url', 'tools'] as const),
]);

const SETTINGS: ReadonlySet<keyof QuerySettings> = new Set([
  ...(['maxOutputTokens', 'temperature', 'topP', 'topK', 'presencePenalty'] as const),
  ...(['frequencyPenalty', 'stopSequences', 'seed'] as const),
]);

const aLanguageModel = suchThat(
  'a language model of the AI SDK 6 or 7, with doGenerate and doStream',
  (value) =>
    hasMethods(value, 'doGenerate', 'doStream') &&
    ['v3', 'v4'].includes((value as AiSdkLanguageModel).specificationVersion) &&
    nonEmpty((value as AiSdkLanguageModel).provider) === undefined &&
    nonEmpty((value as AiSdkLanguageModel).modelId) === undefined,
  (value) =>
    typeof value === 'string'
      ? "pass the model that its provider makes, such as openai('…')"
      : hasMethods(value, 'doGenerate')
        ? 'update its provider: models of version 2 of the interface are not supported'
        : undefined,
);
