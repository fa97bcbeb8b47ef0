import { answerText } from '../../domain/answer-key.ts';
import { writtenIn } from '../../domain/message.ts';
import { NoPredictionError } from '../../domain/no-prediction.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { Query } from '../../domain/request.ts';
import type { Question } from '../question.ts';
import type { Trial } from '../trial.ts';
import type { DifferingCall, DifferingQuestion, DifferingTrial } from './scorecard.ts';

/** The largest length of a text, in characters. */
const MAX_CHARACTERS = 1000;

/** Truncates a text, without splitting a surrogate pair. */
export const cut = (text: string): string =>
  text.length <= MAX_CHARACTERS
    ? text
    : `${text.slice(0, MAX_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;

/** The texts of a question, truncated. */
export const differingQuestion = ({
  id,
  category,
  question,
  expected,
}: Question): Omit<DifferingQuestion, 'trials'> => ({
  id,
  ...(category !== undefined && { category: cut(category) }),
  question: cut(questionText(question)),
  expected: cut(textOf(expected)),
});

/** The result of one condition, truncated. */
export const differingTrial = ({ condition, result, score = 0 }: Trial): DifferingTrial => ({
  condition,
  score,
  ...(result instanceof NoPredictionError
    ? { error: result.name }
    : { answer: cut(textOf(result.answer)), consensus: result.metadata.consensus }),
  calls: result.outcomes.map(callOf),
});

const callOf = (outcome: Outcome): DifferingCall => {
  const { model, status, role } = outcome;
  const call = { model, ...(role !== undefined && { role }), status };
  if (outcome.status === 'cancelled') return call;
  if (outcome.status === 'failed') return { ...call, error: outcome.error.name };
  const text = cut(outcome.response.text);
  return outcome.status === 'answered'
    ? { ...call, text, answer: cut(outcome.group ?? outcome.key) }
    : { ...call, text };
};

const questionText = (query: Query): string =>
  typeof query === 'string'
    ? query
    : query.messages.map(({ role, content }) => `${role}: ${writtenIn(content)}`).join('\n');

/** The text of an answer, of any kind. */
export const textOf = (answer: unknown): string => {
  try {
    return answerText(answer);
  } catch {
    return String(answer);
  }
};
