import { type Abstention, abstain } from '../domain/normalizer.ts';
import { isAsciiLetter, isDigit, skipSpaces, standsAt } from './characters.ts';
import { finalAnswer } from './final-answer.ts';
import { lastNumber, onlyNumber } from './find-number.ts';
import { plainLatex } from './latex.ts';
import { readNumber } from './read-number.ts';

/**
 * Yields the number that a text gives as its answer: a marked one (`<answer>`, `{"answer": …}`, `\boxed{…}`,
 * `#### …`, "the answer is …"), else the last one. Reads signs, currency, thousands separators, decimals,
 * exponents, simple fractions and "million"; `40%` is 40, and -0 is 0.
 *
 * Abstains when there is no number, when a delimited answer holds several, and when the last number is written
 * in a way that is not read (`0x10`, `1e999`, `½`, `10²`, `١٢`, dates, times, ranges).
 *
 * @example
 * ```ts
 * numeric('5 pens at $247 each: the answer is $1,235.00.'); // 1235
 * ```
 */
export const numeric = (text: string): number | Abstention => finalAnswer(text, reader);

const reader = {
  sought: 'a number',
  field: (content: string) => onlyNumber(plainLatex(content)),
  phrase: announced,
  phrases: 'last',
  unmarked(text: string, { from, to }: { readonly from: number; readonly to: number }) {
    const plain = plainLatex(text);
    if (plain === text) return lastNumber(text, from, to);
    const part = plainLatex(text.slice(from, to));
    return lastNumber(part, 0, part.length);
  },
} as const;

/** "The answer is 42 because …" is the first number, "the answer is 40 + 2 = 42" the last. */
function announced(text: string, start: number, end: number): number | Abstention | undefined {
  const line = plainLatex(text.slice(start, end));
  const at = firstDigit(line);
  if (at === undefined) return undefined;
  const { value, why, end: after } = readNumber(line, at, line.length);
  if (calculates(line, skipSpaces(line, after))) {
    const equals = line.lastIndexOf('=');
    return equals < after ? undefined : lastNumber(line, equals + 1, line.length);
  }
  return why === undefined ? value : abstain(`the announced number cannot be read: ${why}`);
}

/** The digit that a value starts with, past sign, currency and `x =`; `undefined` when words stand before it. */
function firstDigit(line: string): number | undefined {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (isDigit(code)) return at;
    if (isAsciiLetter(code)) {
      const word = valuePrefixes.find((prefix) => standsAt(line, at, prefix));
      if (word !== undefined) at += word.length - 1;
      else if (line.charCodeAt(skipSpaces(line, at + 1)) !== 61) return undefined;
    } else if (code === 59 || code === 63 || code === 33) return undefined;
  }
  return undefined;
}

const valuePrefixes = ['negative ', 'minus ', 'usd', 'us$', 'eur', 'gbp', 'rs. ', 'rs'] as const;

/** Whether an operator with an operand stands at `at`. */
function calculates(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  if (code === 61) return true;
  const operator =
    code === 43 ||
    code === 45 ||
    code === 42 ||
    code === 47 ||
    code === 0xd7 ||
    code === 0xf7 ||
    code === 0x2212;
  const operand = skipSpaces(line, at + 1);
  return operator && (isDigit(line.charCodeAt(operand)) || line.charCodeAt(operand) === 36);
}
