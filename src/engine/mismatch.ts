import { type AnswerForm, formOf } from '../domain/answer-form.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Outcome, Vote } from '../domain/outcome.ts';
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
    if (form?.key === NO_CALL) return uncountedTextWarning(outcomes, form);
    const votes = form === undefined ? differing(outcomes) : none;
    return votes.length < 2 ? undefined : warningOf(votes);
  };
};

/** All votes, or none if two of them are for the same answer. Most predictions end at the second vote. */
const differing = (outcomes: readonly Outcome[]): readonly Vote[] => {
  let first: string | undefined;
  for (const outcome of outcomes) {
    if (outcome.status !== 'answered') continue;
    if (outcome.key === first) return none;
    first ??= outcome.key;
  }
  const votes = outcomes.filter((outcome) => outcome.status === 'answered');
  return new Set(votes.map(({ key }) => key)).size < votes.length ? none : votes;
};

const none: readonly Vote[] = [];

/**
 * Returns a warning if no tool is called, and at most half of the models that call none wrote the text of the prediction: the
 * vote was on the call, and not on the texts.
 */
const uncountedTextWarning = (outcomes: readonly Outcome[], { wording }: AnswerForm): string | undefined => {
  const wordings = outcomes.flatMap((outcome) => {
    const form = outcome.status === 'answered' ? formOf(outcome.answer) : undefined;
    return form?.key === NO_CALL ? [form.wording] : [];
  });
  const backers = wordings.filter((each) => each === wording).length;
  return 2 * backers > wordings.length
    ? undefined
    : `the models agree that no tool is called, but of ${wordings.length} texts only ${backers} ${backers === 1 ? 'is' : 'are'} like that of the prediction; to vote on the texts, set \`orText\`, as in \`toolCalls({ orText: numeric })\``;
};
