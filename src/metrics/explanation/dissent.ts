import { answerKey } from '../../domain/answer-key.ts';
import type { Rival } from './pivotal-votes.ts';

const otherThan = (answer: unknown): unknown => {
  switch (typeof answer) {
    case 'number':
      return answer + 1;
    case 'bigint':
      return answer + 1n;
    case 'boolean':
      return !answer;
    case 'string':
      return `not ${answer}`;
    default:
      return {};
  }
};

/** Returns an answer of the same type that no member gave, for a panel that agrees on one answer. */
export const dissentFrom = (answer: unknown): Rival => {
  const other = otherThan(answer);
  return { answer: other, key: answerKey(other) };
};
