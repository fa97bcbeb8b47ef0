import { abstain, abstentionReason } from '../domain/normalizer.ts';
import type { AnswerReader, Reading } from '../normalizers/marks/answer-reader.ts';
import { withoutFence } from '../normalizers/reading/code-fences.ts';
import { unwrapped } from '../normalizers/reading/plain-text.ts';
import type { MathAnswer } from './math-answer.ts';
import { type MathSettings, readMath } from './read-math.ts';

/** Finds answers in texts as the other normalizers do, and reads them with these settings. */
export const mathReader = (settings: MathSettings): AnswerReader<MathAnswer> => ({
  sought: 'a mathematical answer',
  field: (content) => readMath(content, settings),
  phrase(text, start, end) {
    const phrase = text.slice(openingBefore(text, start), end);
    const answer = readMath(sentenceOf(phrase), settings);
    return abstentionReason(answer) === undefined || /[\d$\\]/.test(phrase) ? answer : undefined;
  },
  unmarked: (text, { from, to }) => readUnmarked(withoutFence(text.slice(from, to)), settings),
});

/** Returns where the brackets begin that are right before a value: those of a pair, or of a formula. */
const openingBefore = (text: string, start: number): number =>
  start - (/[([{$\\-]*$/.exec(text.slice(Math.max(0, start - 8), start))?.[0].length ?? 0);

/** What ends an announced value: the end of its sentence, or words that give reasons. Behind a bracket around more than a letter, `!` is a factorial. */
const VALUE_END =
  /[.?](?=\s|$)|(?<![^([{][^([{\\][)\]}])!(?=\s+\p{Lu}|\s*$)|,?\s(?:because|since|which|as|so|that|obtained|found)\s/u;

/** Returns the part of a line that holds an announced value. */
const sentenceOf = (line: string): string => line.slice(0, VALUE_END.exec(line)?.index);

/** Several words without a number or a sign are prose, unless they stand for something, such as "no solution". */
const PROSE = /^[\p{L}'-]+(?:\s+[\p{L}'-]+)+$/u;

/** Reads a text without marks if it is nothing but an answer. The `!` behind a formula is a factorial, behind a word it is not. */
function readUnmarked(text: string, settings: MathSettings): Reading<MathAnswer> {
  const content = unwrapped(text, 0, text.length);
  const answer = readMath(content, settings);
  if (text.includes(`${content}!`) && /[\da-z]/.test(content)) {
    const factorial = readMath(`${content}!`, settings);
    if (abstentionReason(factorial) === undefined) return factorial;
  }
  return PROSE.test(content) && String(answer) === content.toLowerCase()
    ? abstain('the text is prose')
    : answer;
}
