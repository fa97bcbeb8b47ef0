import { toRequest } from '../../src/engine/to-request.ts';
import { abstentionReason, answerKey, marked } from '../../src/index.ts';
import type { Recording } from './evaluate.ts';

/** How many answers were read, and how many of them are right. */
interface Votes {
  votes: number;
  right: number;
}

/** Counts the votes that a mark or an announcement gives, and those that only unmarked text gives. */
export function readingOf({ name, questions, normalization }: Recording): {
  readonly marked: Votes;
  readonly unmarked: Votes;
} {
  const byMarks = marked(normalization);
  const counts = { marked: { votes: 0, right: 0 }, unmarked: { votes: 0, right: 0 } };
  const isPrime = name.startsWith('prime');
  for (const { expected, responses } of questions) {
    const right = isPrime ? String(expected === 'yes') : expected.replaceAll(',', '');
    for (const { text } of responses) {
      const answer = normalization(text, { query: toRequest('?'), response: { text } });
      if (answer === undefined || answer === null || abstentionReason(answer) !== undefined) continue;
      const side = abstentionReason(byMarks(text)) === undefined ? counts.marked : counts.unmarked;
      side.votes++;
      if (String(answer) === right || isNumber(answer, Number(right))) side.right++;
    }
  }
  return counts;
}

const isNumber = (answer: unknown, number: number): boolean =>
  Number.isFinite(number) && answerKey(answer) === answerKey(number);
