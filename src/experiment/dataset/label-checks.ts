import type { Normalizer } from '../../domain/normalizer.ts';
import { plainName } from '../../domain/quoting.ts';
import { shown } from '../../options.ts';
import type { PreparedCondition } from '../condition.ts';
import type { Question } from '../question.ts';
import { labelMatchOf } from '../scorers/label-match.ts';
import type { Scorer } from '../scorers/scorer.ts';

/** The check of one condition: whether an answer of it can be right. */
export interface LabelCheck {
  readonly condition: string;
  readonly canMatch: (question: Question) => boolean;
}

/** Returns the check of each condition. */
export const labelChecks = (
  conditions: readonly PreparedCondition[],
  scorer: Scorer | 'none',
): readonly LabelCheck[] => {
  const match = labelMatchOf(scorer);
  const checks = new Map<Normalizer, LabelCheck['canMatch']>();
  return conditions.map(({ name, normalizer }) => {
    const canMatch = checks.get(normalizer) ?? oncePerQuestion(({ expected }) => match(expected, normalizer));
    checks.set(normalizer, canMatch);
    return { condition: name, canMatch };
  });
};

/** Conditions that read answers alike ask about a question one after the other. */
const oncePerQuestion = (canMatch: LabelCheck['canMatch']): LabelCheck['canMatch'] => {
  let last: Question | undefined;
  let result = false;
  return (question) => {
    if (question !== last) result = canMatch(question);
    last = question;
    return result;
  };
};

/** Returns the fault of conditions of which no answer can be right, with any response. `first` has a right answer. */
export const unmatchedFault = (
  unmatched: readonly LabelCheck[],
  { id, expected }: Question,
  count: number,
): string => {
  const names = unmatched.map(({ condition }) => plainName(condition)).join(', ');
  return `no answer of ${names} can be equal to a right answer, in ${count === 1 ? 'the only row with one' : `all ${count} rows with one`}: "normalization" and "scorer" cannot yield the value in the field "expected", for example ${shown(expected)} at ${plainName(id)}; correct the right answers, or choose another "normalization" or "scorer"`;
};
