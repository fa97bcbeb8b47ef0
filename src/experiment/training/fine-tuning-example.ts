import { answerText } from '../../domain/answer-key.ts';
import type { Message } from '../../domain/message.ts';
import type { Prediction } from '../../domain/prediction.ts';
import { toRequest } from '../../engine/to-request.ts';
import { checked, oneOf, required } from '../../options.ts';

/** The provider that defines the format of a training example. */
export type FineTuningFormat = 'openai' | 'gemini';

/** A training example of OpenAI's supervised fine-tuning: a chat. The model learns its last turn. */
export interface OpenAIExample {
  readonly messages: readonly {
    readonly role: 'system' | 'user' | 'assistant';
    readonly content: string;
  }[];
}

/** A training example of Gemini's supervised tuning: a conversation. The model learns its last turn. */
export interface GeminiExample {
  readonly systemInstruction?: {
    readonly role: 'system';
    readonly parts: readonly { readonly text: string }[];
  };
  readonly contents: readonly {
    readonly role: 'user' | 'model';
    readonly parts: readonly { readonly text: string }[];
  }[];
}

/** Options of {@link fineTuningExample}. */
export interface FineTuningExampleOptions {
  readonly format: FineTuningFormat;
  /** The text to learn: the `text` of the prediction, with its reasoning, or the bare `answer`. Default `text`. */
  readonly learn?: 'text' | 'answer' | undefined;
}

/**
 * Turns a prediction into a training example for a small model: the question and the answer of the ensemble. Returns
 * `undefined` if the format cannot represent it: if a turn has no text, or if turns do not alternate, beginning with
 * the user.
 *
 * Formats: OpenAI, "Supervised fine-tuning" (chat messages); Google Cloud, "Prepare supervised fine-tuning data for
 * Gemini models" (`systemInstruction` and `contents`).
 *
 * @throws {ConfigError} if the format is unknown.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { fineTuningExample } from 'crucible-ensemble/experiment';
 *
 * const ensemble = createEnsemble({ models: [simulated({ id: 'a', accuracy: 1 })], normalization: 'numeric' });
 * const prediction = await ensemble.predict('What is 17 * 23?');
 * fineTuningExample(prediction, { format: 'openai', learn: 'answer' });
 * // => { messages: [{ role: 'user', content: 'What is 17 * 23?' }, { role: 'assistant', content: '391' }] }
 * ```
 */
export const fineTuningExample = (
  prediction: Prediction,
  options: FineTuningExampleOptions,
): OpenAIExample | GeminiExample | undefined => {
  const { format, learn } = checked('fineTuningExample', options, fineTuningSpecs());
  const { system, messages } = toRequest(prediction.query, 'fineTuningExample', {
    system: prediction.system,
  });
  const { text, answer, toolCalls = [] } = prediction;
  // An example in words has no calls of tools.
  if (toolCalls.length > 0) return undefined;
  const content = learn === 'text' ? text : answerText(answer);
  const turns: Turn[] = [
    ...messages.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : '' })),
    { role: 'assistant', content },
  ];
  return isConversation(turns) ? formats[format](system, turns) : undefined;
};

/** Returns the specification of {@link FineTuningExampleOptions}. */
export const fineTuningSpecs = () =>
  ({
    format: required(oneOf(Object.keys(formats), '')),
    learn: [oneOf(['text', 'answer'], ''), 'text'],
  }) as const;

/** A turn in words. One with images or calls of tools is empty, and no example. */
interface Turn {
  readonly role: Message['role'];
  readonly content: string;
}

const isConversation = (turns: readonly Turn[]): boolean =>
  turns.every(
    ({ role, content }, index) => role === (index % 2 === 0 ? 'user' : 'assistant') && content.trim() !== '',
  );

type ToExample = (system: string | undefined, turns: readonly Turn[]) => OpenAIExample | GeminiExample;

const formats: Readonly<Record<FineTuningFormat, ToExample>> = {
  openai: (system, turns) => ({
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...turns.map(({ role, content }) => ({
        role: role === 'user' ? ('user' as const) : ('assistant' as const),
        content,
      })),
    ],
  }),
  gemini: (system, turns) => ({
    ...(system !== undefined && {
      systemInstruction: { role: 'system' as const, parts: [{ text: system }] },
    }),
    contents: turns.map(({ role, content }) => ({
      role: role === 'user' ? ('user' as const) : ('model' as const),
      parts: [{ text: content }],
    })),
  }),
};
