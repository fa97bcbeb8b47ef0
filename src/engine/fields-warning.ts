import { answerKey } from '../domain/answer-key.ts';
import { isRecord } from '../domain/is-record.ts';
import type { Vote } from '../domain/outcome.ts';

/** Any more answers would say the same. */
const MOST_ANSWERS = 100;

/**
 * Returns a warning for votes that all differ, if their answers are objects, and more than half of them agree on the value of a
 * field: votes on whole objects do not count that.
 */
export const fieldsWarning = (votes: readonly Vote[]): string | undefined => {
  const answers = votes.slice(0, MOST_ANSWERS).map(({ answer }) => answer);
  if (!answers.every(hasFields)) return undefined;
  const names = [...new Set(answers.flatMap((answer) => Object.keys(answer)))];
  const agreed = names.filter((name) => isAgreed(answers, name));
  return agreed.length === 0
    ? undefined
    : `all ${votes.length} answers differ, although more than half of them have the same value in ${agreed.length} of ${names.length} fields; \`strategy: fieldwise()\` votes on each field`;
};

const hasFields = (answer: unknown): answer is object => isRecord(answer) && !('toJSON' in answer);

const isAgreed = (answers: readonly object[], name: string): boolean => {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    if (!Object.hasOwn(answer, name)) continue;
    const key = answerKey([Reflect.get(answer, name)]);
    const count = (counts.get(key) ?? 0) + 1;
    if (2 * count > answers.length) return true;
    counts.set(key, count);
  }
  return false;
};
