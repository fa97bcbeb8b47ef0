import type { Abstention } from '../domain/normalizer.ts';
import { readAnswer } from './final-answer.ts';
import type { AnswerReader, Reading } from './marks/answer-reader.ts';
import { withoutFence } from './reading/code-fences.ts';
import { unwrapped } from './reading/plain-text.ts';

/**
 * Returns the part of a text that is its answer, as all normalizers find it: the content of a mark (`<answer>`, `{"answer":
 * …}`, `\boxed{…}`, `#### …`), the announced answer ("the answer is …", also in other languages), or otherwise the whole
 * text. Without hidden reasoning, quotation marks, emphasis and a final full stop. A normalizer of one's own begins with it.
 *
 * Abstains if the text or the mark is empty, or if the text ends within its hidden reasoning.
 *
 * @throws {ConfigError} for anything but a text.
 *
 * @example
 * ```ts
 * import { finalAnswer } from 'crucible-ensemble';
 *
 * finalAnswer('We add 3 and 4. So the answer is **7 apples**.'); // '7 apples'
 * ```
 */
export const finalAnswer = (text: string): string | Abstention => readAnswer(text, reader);

const part = (text: string, from: number, to: number): Reading<string> =>
  unwrapped(text, from, to) || undefined;

const whole = (text: string): Reading<string> => part(text, 0, text.length);

const reader: AnswerReader<string> = {
  sought: 'an answer',
  readsProse: true,
  readsAnyProse: true,
  field: whole,
  phrase: part,
  unmarked: (text, { from, to }) => whole(withoutFence(text.slice(from, to))),
};
