import { type AnswerForm, formOf } from '../domain/answer-form.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Outcome } from '../domain/outcome.ts';
import { isTextNormalizer } from '../normalizers/text-normalizers.ts';
import { NO_CALL } from '../normalizers/tool-calls.ts';
import { fieldsWarning } from './fields-warning.ts';
import { normalizationWarning } from './normalization-warning.ts';

/** Finds out whether the answers of two or more models agree on more than was counted. Returns a warning if they do. */
export type Mismatch = (outcomes: readonly Outcome[], leader: unknown) => string | undefined;

/** What is found out depends on how answers are read. */
export const mismatchOf = (normalize: Normalizer): Mismatch => {
  const warningOf = isTextNormalizer(normalize) ? normalizationWarning : fieldsWarning;
  return (outcomes, leader) => {
    const form = formOf(leader);
    if (form === undefined) return warningOf(outcomes);
    return form.key === NO_CALL ? uncountedTextWarning(outcomes, form) : undefined;
  };
};

/**
 * Returns a warning if no tool is called, and at most half of the models that call none wrote the text of the prediction: the
 * vote was on the call, and not on the texts.
 */
const uncountedTextWarning = (outcomes: readonly Outcome[], { wording }: AnswerForm): string | undefined => {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const form = outcome.status === 'answered' ? formOf(outcome.answer) : undefined;
    if (form?.key === NO_CALL) counts.set(form.wording, (counts.get(form.wording) ?? 0) + 1);
  }
  const models = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const backers = counts.get(wording) ?? 0;
  return 2 * backers > models
    ? undefined
    : `the models agree that no tool is called, but of ${models} texts only ${backers} ${backers === 1 ? 'is' : 'are'} like that of the prediction; to vote on the texts, set \`orText\`, as in \`toolCalls({ orText: numeric })\``;
};
