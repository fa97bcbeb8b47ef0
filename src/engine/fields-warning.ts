import { formOf } from '../domain/answer-form.ts';
import { answerKey } from '../domain/answer-key.ts';
import { isArray } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import type { Outcome } from '../domain/outcome.ts';

/** Any more answers would say the same. */
const MOST_ANSWERS = 100;

/**
 * Returns a warning if all answers are different objects, and more than half of them agree on the value of a field: votes on whole
 * objects do not count that. Costs one comparison if an answer agrees with the first one.
 */
export const fieldsWarning = (outcomes: readonly Outcome[]): string | undefined => {
  const answers = differingObjects(outcomes);
  if (answers.length < 2) return undefined;
  const names = [...new Set(answers.flatMap((answer) => Object.keys(answer)))];
  const agreed = names.filter((name) => isAgreed(answers, name));
  return agreed.length === 0
    ? undefined
    : `all ${answers.length} answers differ, although more than half of them have the same value in ${agreed.length} of ${names.length} fields; \`strategy: fieldwise()\` votes on each field`;
};

/** The answers, or none if two of them are equal, or one is no object. */
const differingObjects = (outcomes: readonly Outcome[]): readonly object[] => {
  const answers = new Map<string, object>();
  for (const outcome of outcomes) {
    if (outcome.status !== 'answered') continue;
    const { key, answer } = outcome;
    if (answers.has(key) || !isRecord(answer)) return [];
    if (answers.size < MOST_ANSWERS) answers.set(key, answer);
  }
  return [...answers.values()];
};

const isRecord = (answer: unknown): answer is object =>
  isObject(answer) && !isArray(answer) && !('toJSON' in answer) && formOf(answer) === undefined;

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
