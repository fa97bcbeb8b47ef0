import type { JudgedQuestion } from './answers.ts';
import type { Predicted } from './predictions.ts';

/** A way to answer, with the probability that it answers each question right. */
export interface Way {
  readonly name: string;
  readonly scores: readonly number[];
}

const oneIf = (condition: boolean): number => (condition ? 1 : 0);

export const wayOf = (name: string, predicted: readonly Predicted[]): Way => ({
  name,
  scores: predicted.map(({ isRight }) => oneIf(isRight)),
});

/** Each model by itself, in panel order. */
export const singles = (questions: readonly JudgedQuestion[]): readonly Way[] =>
  (questions[0]?.responses ?? []).map(({ model }, index) => ({
    name: model,
    scores: questions.map(({ responses }) => oneIf(responses[index]?.judged === true)),
  }));

export const best = (ways: readonly Way[]): Way =>
  ways.reduce((leader, way) => (total(way) > total(leader) ? way : leader));

/** A judge that chooses a right answer with a probability if there is one. */
export const judged = (
  name: string,
  predicted: readonly Predicted[],
  probability: number,
  isAsked: (of: Predicted) => boolean,
): Way => ({
  name,
  scores: predicted.map((of) =>
    isAsked(of)
      ? probability * oneIf(of.question.responses.some((response) => response.judged))
      : oneIf(of.isRight),
  ),
});

/** Whether the answer has no more than half of the votes. */
export const isUndecided = ({ lead, votes }: Predicted): boolean => 2 * lead <= votes;

const total = ({ scores }: Way): number => scores.reduce((sum, score) => sum + score, 0);
