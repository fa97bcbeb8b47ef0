import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { lastValueFrom } from 'rxjs';
import { given } from '../domain/given.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import { anEnsemble, checked, ofType, properName, reading, required } from '../options.ts';
import type { ServableEnsemble } from '../server/serve-prediction.ts';
import { memberWarnings, toProviderMetadata } from './ensemble/progress.ts';
import { toAsked } from './ensemble/to-asked.ts';
import { toCallError } from './ensemble/to-call-error.ts';
import { PROVIDER } from './ensemble/to-messages.ts';
import { toContent, toParts } from './ensemble/to-parts.ts';
import { toUsage } from './ensemble/to-usage.ts';

/** Options of {@link ensembleModel}. */
export interface EnsembleModelOptions {
  /** The name of the model, for logs and telemetry. Default `'ensemble'`. */
  readonly modelId?: string;
  /**
   * How a text is read if tools may be called, such as `numeric`. Default: by the schema of the call; without one, all texts are
   * the same answer, no call, and the text is that of one of their models.
   */
  readonly orText?: Normalizer;
}

/**
 * Creates a language model of the AI SDK 7 from an ensemble, for `generateText`, `streamText`, `ToolLoopAgent` and all else that
 * takes a model. Each call is one prediction.
 *
 * Calls of tools are voted on, and end as tool calls that the AI SDK executes. With a schema, such as that of `Output.object`, the
 * models vote on its values. The usage is the sum of all calls. `providerMetadata.crucible` has the metadata of the prediction and
 * its members; read it with {@link ensembleMetadata}. A stream has a part `crucible.member` for each member and `crucible.votes`
 * for each vote, then the answer.
 *
 * A failure is an `APICallError` that is not retryable, because the ensemble has retried already. Its `cause` is the error of the
 * ensemble. If `abortSignal` aborts, the calls in flight are cancelled, and the error is its reason. Content that an ensemble cannot
 * be sent throws an `UnsupportedFunctionalityError`; a setting without an effect is a warning.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { ensembleModel } from 'crucible-ensemble/ai-sdk';
 *
 * const models = ['4', '4', '5'].map((answer, n) => defineModel(`model-${n}`, () => answer));
 * const model = ensembleModel(createEnsemble({ models, normalization: 'numeric' }));
 *
 * // What generateText({ model, prompt: 'What is 2 + 2?' }) calls.
 * const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'What is 2 + 2?' }] }];
 * const { content } = await model.doGenerate({ prompt });
 * content; // => [{ type: 'text', text: '4' }]
 * ```
 */
export const ensembleModel = (
  ensemble: ServableEnsemble,
  options: EnsembleModelOptions = {},
): LanguageModelV4 =>
  reading('ensembleModel', () => {
    checked('ensembleModel', { ensemble }, { ensemble: required(anEnsemble) });
    const { modelId, orText } = checked('ensembleModel', options, {
      modelId: [properName, 'ensemble'],
      orText: ofType('function'),
    });
    const idOf = (): string => crypto.randomUUID().replaceAll('-', '');
    /** Runs a call: what it throws is an error of the AI SDK. */
    const calling = async <Result>(
      { abortSignal }: LanguageModelV4CallOptions,
      run: () => Result | Promise<Result>,
    ): Promise<Result> => {
      try {
        return await run();
      } catch (error) {
        throw toCallError(error, modelId, abortSignal);
      }
    };
    return {
      specificationVersion: 'v4',
      provider: PROVIDER,
      modelId,
      // The AI SDK downloads files, because only some members may fetch them.
      supportedUrls: {},
      doGenerate: (call) =>
        calling(call, async () => {
          const { query, overrides, warnings, ...asked } = toAsked(call, orText);
          const prediction = await lastValueFrom(
            ensemble.predict$(query, { ...overrides, ...given({ signal: call.abortSignal }) }),
          );
          return {
            ...toContent(asked, prediction, idOf()),
            usage: toUsage(prediction.metadata.usage),
            providerMetadata: toProviderMetadata(prediction),
            warnings: [...warnings, ...memberWarnings([prediction])],
          };
        }),
      doStream: (call) =>
        calling(call, () => {
          const { query, overrides, warnings, ...asked } = toAsked(call, orText);
          const events = ensemble.stream(query, { ...overrides, ...given({ signal: call.abortSignal }) });
          const id = idOf();
          let leave = (): void => undefined;
          const stream = new ReadableStream<LanguageModelV4StreamPart>({
            start(controller) {
              controller.enqueue({ type: 'stream-start', warnings });
              const subscription = events.subscribe({
                next: (event) => {
                  for (const part of toParts(asked, event, id)) controller.enqueue(part);
                },
                error: (error) => {
                  const failure = toCallError(error, modelId, call.abortSignal);
                  if (call.abortSignal?.aborted === true) controller.error(failure);
                  else {
                    controller.enqueue({ type: 'error', error: failure });
                    controller.close();
                  }
                },
                complete: () => controller.close(),
              });
              leave = () => subscription.unsubscribe();
            },
            cancel: () => leave(),
          });
          return { stream };
        }),
    };
  });
