import { byContent } from '../../src/grouping/grouping.ts';
import {
  createEnsemble,
  type EnsembleOptions,
  type GroupFunction,
  NoPredictionError,
  replay,
  type Vote,
} from '../../src/index.ts';
import type { JudgedQuestion } from './answers.ts';

/** What an ensemble of all models predicts for a question. */
export interface Predicted {
  readonly question: JudgedQuestion;
  /** Whether the answer is right; false without a prediction. */
  readonly isRight: boolean;
  /** The votes of the answer, and all votes. */
  readonly lead: number;
  readonly votes: number;
}

/** Asks an ensemble of the replayed models every question. */
export const predictionsOf = async (
  questions: readonly JudgedQuestion[],
  options: Pick<EnsembleOptions, 'grouping'> = {},
): Promise<readonly Predicted[]> => {
  const ensemble = createEnsemble({ models: replay(questions), minResponses: 1, ...options });
  const onError = (error: unknown): NoPredictionError => {
    if (error instanceof NoPredictionError) return error;
    throw error;
  };
  const results = await Array.fromAsync(
    ensemble.predictAll(
      questions.map(({ question }) => question),
      { onError },
    ),
  );
  return results.map((result, index) => {
    const question = questions[index] as JudgedQuestion;
    if (result instanceof NoPredictionError) return { question, isRight: false, lead: 0, votes: 0 };
    const counts = Object.values(result.metadata.votes);
    const speaker = question.responses.find(({ text }) => text.trim() === result.text.trim());
    return {
      question,
      isRight: speaker?.judged === true,
      lead: Math.max(...counts),
      votes: counts.reduce((sum, count) => sum + count, 0),
    };
  });
};

/** Groups the right answers perfectly, and the others by their contents. */
export const perfectGrouping = (questions: readonly JudgedQuestion[]): GroupFunction => {
  const byText = new Map(questions.map((judged) => [judged.question, judged.responses]));
  const content = byContent();
  return (votes, context) => {
    const responses = byText.get(context.question) ?? [];
    const isRight = ({ answer }: Vote): boolean =>
      responses.find(({ text }) => text.trim() === answer)?.judged === true;
    const others = votes.filter((vote) => !isRight(vote));
    const state = others.reduce<unknown>((before, vote) => content.add(before, vote), content.init(context));
    return [votes.filter(isRight), ...content.groups(state)].filter((group) => group.length > 0);
  };
};
