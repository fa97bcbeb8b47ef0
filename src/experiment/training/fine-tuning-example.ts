import { answerKey } from '../../domain/answer-key.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Message } from '../../domain/request.ts';
import { toRequest } from '../../engine/to-request.ts';
import { type Check, faultsOf, oneOf, refuse } from '../../options.ts';

/** Whose format a training example is in. */
export type FineTuningFormat = 'openai' | 'gemini';

/** A training example of OpenAI's supervised fine-tuning: a chat whose last turn is to be learned. */
export interface OpenAIExample {
  readonly messages: readonly {
    readonly role: 'system' | 'user' | 'assistant';
    readonly content: string;
  }[];
}

/** A training example of Gemini's supervised tuning: a conversation whose last turn is to be learned. */
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
  /** What is to be learned: the `text` of the winning side, with its reasoning, or the bare `answer`. Default `text`. */
  readonly learn?: 'text' | 'answer' | undefined;
}

/**
 * A prediction as an example to train a small model on: what was asked, and what the ensemble made of it.
 * `undefined` where the format has no word for it: a turn without text, or turns that do not begin with the user
 * and alternate.
 *
 * Formats: OpenAI, "Supervised fine-tuning" (chat messages); Google Cloud, "Prepare supervised fine-tuning data
 * for Gemini models" (`systemInstruction` and `contents`).
 *
 * @throws {ConfigError} for a format that is none.
 *
 * @example
 * ```ts
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
  { format, learn = 'text' }: FineTuningExampleOptions,
): OpenAIExample | GeminiExample | undefined => {
  refuse(fineTuningFaults('fineTuningExample', { format, learn }));
  const { system, messages } = toRequest(prediction.query);
  const content = learn === 'text' ? prediction.text : answerKey(prediction.answer);
  const turns: Message[] = [...messages, { role: 'assistant', content }];
  return isConversation(turns) ? formats[format](system, turns) : undefined;
};

/** What is wrong with options of which these are a part; `others` are checked besides. */
export const fineTuningFaults = (
  owner: string,
  options: Partial<FineTuningExampleOptions>,
  others: Readonly<Record<string, Check>> = {},
): readonly string[] => [
  ...faultsOf(owner, options, {
    format: oneOf(Object.keys(formats), ''),
    learn: oneOf(['text', 'answer'], ''),
    ...others,
  }),
  ...(options?.format === undefined ? [`${owner}: option "format" is missing`] : []),
];

const isConversation = (turns: readonly Message[]): boolean =>
  turns.every(
    ({ role, content }, index) => role === (index % 2 === 0 ? 'user' : 'assistant') && content.trim() !== '',
  );

const formats: Readonly<
  Record<
    FineTuningFormat,
    (system: string | undefined, turns: readonly Message[]) => OpenAIExample | GeminiExample
  >
> = {
  openai: (system, turns) => ({
    messages: [
      ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
      ...turns.map(({ role, content }) => ({ role, content })),
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
