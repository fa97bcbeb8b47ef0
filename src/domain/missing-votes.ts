import type { Outcome } from './outcome.ts';
import { plainName, withoutKeys } from './quoting.ts';

/** The maximum number of names of one group, and the most groups: a panel may have any number of models. */
const MOST_NAMED = 5;

const MAX_CHARACTERS = 200;

/** A value that a schema library quotes, which is a part of the answer: `but received "Paris"`, `(was 7)`. */
const QUOTED_VALUE = /\b(received|was) (?:(["'`]).*\2|[-+]?\d[\d.e+-]*|true\b|false\b)/gs;

/** Makes a reason fit for an error and a log: without keys and quoted answers, and cut if it is long. */
export const shortReason = (reason: string): string => {
  const text = withoutKeys(reason.slice(0, 4 * MAX_CHARACTERS)).replaceAll(QUOTED_VALUE, '$1 a value');
  return text.length <= MAX_CHARACTERS
    ? text
    : `${text.slice(0, MAX_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};

/** Says in a few words how a call ended that has no answer. */
export const endOf = (outcome: Outcome): string => {
  if (outcome.status === 'abstained') return `abstained: ${shortReason(outcome.reason)}`;
  if (outcome.status !== 'failed') return outcome.status;
  return `failed: ${shortReason(outcome.error.message.replace(`${outcome.model}: `, ''))}`;
};

const listed = (names: readonly string[], separator: string, what: string): string => {
  const unlisted = names.length - MOST_NAMED;
  const shown = names.slice(0, MOST_NAMED).join(separator);
  return unlisted > 0 ? `${shown}${separator}and ${unlisted} more${what}` : shown;
};

/**
 * Says which calls did not vote and why, such as `a, b abstained: the text has no number; c cancelled`. Models with the
 * same reason are named together. Empty if every call voted.
 */
export const missingVotes = (outcomes: readonly Outcome[]): string => {
  const groups = new Map<string, Set<string>>();
  for (const outcome of outcomes) {
    if (outcome.status === 'answered') continue;
    const end = endOf(outcome);
    const models = groups.get(end);
    if (models === undefined) groups.set(end, new Set([outcome.model]));
    else models.add(outcome.model);
  }
  const ends = Array.from(
    groups,
    ([end, models]) => `${listed([...models].map(plainName), ', ', '')} ${end}`,
  );
  return listed(ends, '; ', ' reasons');
};

/** Returns a warning that names the models that abstained and says why; `undefined` if none did. */
export const abstentionWarning = (outcomes: readonly Outcome[]): string | undefined => {
  const missing = missingVotes(outcomes.filter(({ status }) => status === 'abstained'));
  return FORMULA.test(missing)
    ? `${missing}; \`math()\` of crucible-ensemble/math reads formulas`
    : missing || undefined;
};

/** What `numeric` says of a formula. */
const FORMULA = /it is (?:an|a part of an) (?:expression|equation)/;
