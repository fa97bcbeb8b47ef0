import type { JurorGrade } from '../../deciders/jury/jury-verdict.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Trial } from '../trial.ts';
import { cut, differingQuestion, textOf } from './differing-trial.ts';
import type { ReviewedAnswer, ScorecardReviews } from './scorecard.ts';

/** Collects the verdicts of a jury that are marked for a person, and keeps the first of them with their answers. */
export const reviewsFold = (maxExamples: number) => {
  let count = 0;
  const examples: ReviewedAnswer[] = [];
  return {
    add({ condition, question, result, graded }: Trial): void {
      if (graded?.review === undefined) return;
      count += 1;
      if (examples.length >= maxExamples) return;
      const { grade, review, jurors } = graded;
      const { expected, ...asked } = differingQuestion(question);
      examples.push({
        ...asked,
        ...(question.expected !== undefined && { expected }),
        condition,
        answer: result instanceof NoPredictionError ? '' : cut(textOf(result.answer)),
        ...(grade !== undefined && { grade }),
        review: cut(review),
        jurors: jurors.map(shortened),
      });
    },
    reviews: (): { readonly reviews?: ScorecardReviews } =>
      count === 0 ? {} : { reviews: { count, examples: [...examples] } },
  };
};

const shortened = ({ juror, grade, reason, fault }: JurorGrade): ReviewedAnswer['jurors'][number] => ({
  juror,
  ...(grade !== undefined && { grade }),
  ...(reason !== undefined && { reason: cut(reason) }),
  ...(fault !== undefined && { fault: cut(fault) }),
});
