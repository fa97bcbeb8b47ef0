import { formOf, withForm } from '../../domain/answer-form.ts';
import { answerText } from '../../domain/answer-key.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';

/**
 * Gives calls of tools the form that they were counted in, if the prediction comes from JSON: their votes have the keys. Does
 * nothing for other answers.
 */
export const giveForms = ({ toolCalls, answer }: Prediction, votes: readonly Vote[]): void => {
  if (toolCalls === undefined) return;
  for (const { answer: voted, key } of votes) {
    if (!isObject(voted) || formOf(voted) !== undefined) continue;
    const wording = answerText(voted);
    const form = { key, wording, parts: [] };
    withForm(voted, form);
    if (isObject(answer) && formOf(answer) === undefined && answerText(answer) === wording)
      withForm(answer, form);
  }
};
