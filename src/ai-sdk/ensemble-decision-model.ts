import type {
  Experimental_DecisionModelV4Answer as DecisionAnswer,
  Experimental_DecisionModelV4CallOptions as DecisionCall,
  Experimental_DecisionModelV4Input as DecisionInput,
  Experimental_DecisionModelV4 as DecisionModelV4,
  Experimental_DecisionModelV4Question as DecisionQuestion,
  LanguageModelV4CallOptions,
} from '@ai-sdk/provider';
import { forkJoin, lastValueFrom, type Observable } from 'rxjs';
import { given } from '../domain/given.ts';
import type { Prediction } from '../domain/prediction.ts';
import { boolean } from '../normalizers/boolean.ts';
import { choice } from '../normalizers/choice.ts';
import { anEnsemble, checked, properName, reading, required } from '../options.ts';
import type { ServableEnsemble } from '../server/serve-prediction.ts';
import { memberWarnings, toProviderMetadata } from './ensemble/progress.ts';
import { toAsked } from './ensemble/to-asked.ts';
import { toCallError } from './ensemble/to-call-error.ts';
import { PROVIDER } from './ensemble/to-messages.ts';

/** Options of {@link ensembleDecisionModel}. */
export interface EnsembleDecisionModelOptions {
  /** The name of the model, for logs and telemetry. Default `'ensemble'`. */
  readonly modelId?: string;
}

/**
 * Creates a decision model of the AI SDK 7 from an ensemble, for `experimental_decide`. The interface is experimental there, and may
 * change in any version of `@ai-sdk/provider`.
 *
 * Each question is one prediction, so that it costs a call of each member; all questions are asked at the same time. A probability is
 * the share of the votes, by weight if votes have weights. Ask all members, without `earlyStop`, for shares of the whole panel.
 * Answers questions of the types `boolean`, `choice` and `score`; `box` is refused by the AI SDK. A decider that overrules the votes has
 * a `choice` without probabilities. Failures are those of {@link ensembleModel}; if one question fails, the others are cancelled.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 * import { ensembleDecisionModel } from 'crucible-ensemble/ai-sdk-experimental';
 *
 * const models = ['yes', 'yes', 'no'].map((text, n) => defineModel(`model-${n}`, () => text));
 * const model = ensembleDecisionModel(createEnsemble({ models }));
 *
 * // What experimental_decide({ model, state: 'The parcel never came.', questions }) calls.
 * const { answers } = await model.doDecide({
 *   state: [{ type: 'text', text: 'The parcel never came.' }],
 *   questions: { refund: { type: 'boolean', instructions: 'Is a refund due?' } },
 * });
 * answers; // => { refund: { type: 'boolean', probability: 2 / 3 } }
 * ```
 */
export const ensembleDecisionModel = (
  ensemble: ServableEnsemble,
  options: EnsembleDecisionModelOptions = {},
): DecisionModelV4 =>
  reading('ensembleDecisionModel', () => {
    checked('ensembleDecisionModel', { ensemble }, { ensemble: required(anEnsemble) });
    const { modelId } = checked('ensembleDecisionModel', options, { modelId: [properName, 'ensemble'] });
    const ask = (call: DecisionCall, question: DecisionQuestion): Observable<Prediction> => {
      const { query, overrides } = toAsked(languageCall(call, question), undefined);
      return ensemble.predict$(query, {
        ...overrides,
        normalization: question.type === 'boolean' ? boolean : choice(optionsOf(question)),
        grouping: false,
        ...given({ signal: call.abortSignal }),
      });
    };
    return {
      specificationVersion: 'v4',
      provider: PROVIDER,
      modelId,
      supportedQuestionTypes: ['boolean', 'choice', 'score'],
      async doDecide(call) {
        const questions = Object.entries(call.questions);
        try {
          const predictions = await lastValueFrom(
            forkJoin(questions.map(([, question]) => ask(call, question))),
          );
          const answers = predictions.map((prediction, index) => {
            const [id, question] = questions[index] as (typeof questions)[number];
            return [id, { answer: toAnswer(question, prediction), prediction }] as const;
          });
          return {
            answers: Object.fromEntries(answers.map(([id, { answer }]) => [id, answer])),
            usage: given({
              inputTokens: sumOf(predictions, 'inputTokens'),
              outputTokens: sumOf(predictions, 'outputTokens'),
            }),
            warnings: [
              ...toAsked(languageCall(call, BLANK), undefined).warnings,
              ...memberWarnings(predictions),
            ],
            providerMetadata: {
              [PROVIDER]: Object.fromEntries(
                answers.map(([id, { prediction }]) => [id, toProviderMetadata(prediction)[PROVIDER] ?? {}]),
              ),
            },
          };
        } catch (error) {
          throw toCallError(error, modelId, call.abortSignal);
        }
      },
    };
  });

const BLANK: DecisionQuestion = { type: 'boolean' };

/** A question about a state as the prompt of a language model. */
const languageCall = (
  { state, questions: _, ...call }: DecisionCall,
  question: DecisionQuestion,
): LanguageModelV4CallOptions => ({
  ...given(call),
  prompt: [
    {
      role: 'user',
      content: [
        ...state.map((part) =>
          part.type === 'json' ? { type: 'text' as const, text: JSON.stringify(part.value) } : part,
        ),
        { type: 'text', text: wordsOf(question) },
      ],
    },
  ],
});

const wordsOf = (question: DecisionQuestion): string => {
  const { instructions } = question;
  const criteria = criteriaOf(question).map(([option, input]) =>
    input === null || input === undefined ? `- ${option}` : `- ${option}: ${inWords(input)}`,
  );
  return [
    ...(instructions === null || instructions === undefined ? [] : [inWords(instructions)]),
    ...(criteria.length === 0 ? [] : [criteria.join('\n')]),
    question.type === 'boolean'
      ? 'Answer with true or false alone.'
      : 'Answer with one of these options alone, exactly as it is spelled before the colon.',
  ].join('\n\n');
};

const inWords = (input: DecisionInput): string => (typeof input === 'string' ? input : JSON.stringify(input));

const criteriaOf = (
  question: DecisionQuestion,
): readonly (readonly [string, DecisionInput | null | undefined])[] => {
  switch (question.type) {
    case 'boolean':
      return Object.entries(question.criteria ?? {}).filter(
        ([, input]) => input !== null && input !== undefined,
      );
    case 'choice':
      return Object.entries(question.criteria);
    case 'score':
      return question.criteria.map((input, level) => [String(level), input]);
    default:
      return [];
  }
};

const optionsOf = (question: DecisionQuestion): readonly string[] =>
  criteriaOf(question).map(([option]) => option);

const toAnswer = (question: DecisionQuestion, prediction: Prediction): DecisionAnswer => {
  const shares = sharesOf(prediction);
  const shareOf = (answer: unknown): number => shares.get(answer) ?? 0;
  if (question.type === 'boolean') return { type: 'boolean', probability: shareOf(true) };
  const options = optionsOf(question);
  const probabilities = Object.fromEntries(options.map((option) => [option, shareOf(option)]));
  if (question.type === 'score')
    return {
      type: 'score',
      score: options.reduce((mean, option, level) => mean + level * shareOf(option), 0),
      probabilities,
    };
  const chosen = prediction.answer as string;
  const isLikeliest = options.every((option) => shareOf(option) <= shareOf(chosen));
  return { type: 'choice', choice: chosen, ...(isLikeliest && { probabilities }) };
};

/** The share of the votes that each answer has, by weight if votes have weights. */
const sharesOf = ({ answer, metadata, outcomes }: Prediction): ReadonlyMap<unknown, number> => {
  const answers = new Map(
    outcomes.flatMap((outcome) => (outcome.status === 'answered' ? [[outcome.key, outcome.answer]] : [])),
  );
  const weights = Object.entries(metadata.votes).map(
    ([key, weight]) => [answers.get(key), Math.max(0, weight)] as const,
  );
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  return total > 0
    ? new Map(weights.map(([voted, weight]) => [voted, weight / total]))
    : new Map([[answer, 1]]);
};

const sumOf = (
  predictions: readonly Prediction[],
  name: 'inputTokens' | 'outputTokens',
): number | undefined => {
  const counts = predictions.flatMap(({ metadata }) => metadata.usage?.[name] ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
};
