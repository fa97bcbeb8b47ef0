import { type Abstention, abstain } from '../domain/normalizer.ts';
import { DOLLAR, EQUALS } from './character-codes.ts';
import { isAsciiLetter, isDigit, oneOf, skipSpaces, standsAt } from './characters.ts';
import { readAnswer } from './final-answer.ts';
import { lastNumber, onlyNumber } from './find-number.ts';
import { plainLatex } from './latex.ts';
import { readNumber } from './read-number.ts';

/**
 * Yields the number that is the answer of a text: a marked one (`<answer>`, `{"answer": …}`, `\boxed{…}`,
 * `#### …`, "the answer is …"), else the last one. Reads signs, currency, thousands separators, decimals,
 * exponents, simple fractions and "million"; `40%` is 40, and -0 is 0.
 *
 * Abstains if there is no number, if a delimited answer contains several, and if the last number is written in a
 * notation that is not read (`0x10`, `1e999`, `½`, `10²`, `١٢`, dates, times, ranges).
 *
 * @example
 * ```ts
 * numeric('5 pens at $247 each: the answer is $1,235.00.'); // 1235
 * ```
 */
export const numeric = (text: string): number | Abstention => readAnswer(text, reader);

const reader = {
  sought: 'a number',
  field: (content: string) => onlyNumber(plainLatex(content)),
  phrase: announced,

  unmarked(text: string, { from, to }: { readonly from: number; readonly to: number }) {
    return lastNumber(plainLatex(text.slice(from, to)));
  },
} as const;

/** Reads the first number of "the answer is 42 because …", and the last one of "the answer is 40 + 2 = 42". */
function announced(text: string, start: number, end: number): number | Abstention | undefined {
  const line = plainLatex(text.slice(start, end));
  const at = firstDigit(line);
  if (at === undefined) return undefined;
  const { value, why, end: after } = readNumber(line, at);
  if (calculates(line, skipSpaces(line, after))) {
    const equals = line.lastIndexOf('=');
    return equals < after ? undefined : lastNumber(line.slice(equals + 1));
  }
  return why === undefined ? value : abstain(`the announced number cannot be read: ${why}`);
}

/** Returns the position of the first digit, after a sign, a currency and `x =`; `undefined` if words precede it. */
function firstDigit(line: string): number | undefined {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (isDigit(code)) return at;
    if (isAsciiLetter(code)) {
      const word = valuePrefixes.find((prefix) => standsAt(line, at, prefix));
      if (word !== undefined) at += word.length - 1;
      else if (line.charCodeAt(skipSpaces(line, at + 1)) !== EQUALS) return undefined;
    } else if (endsSentence(code)) return undefined;
  }
  return undefined;
}

const valuePrefixes = ['negative ', 'minus ', 'usd', 'us$', 'eur', 'gbp', 'rs. ', 'rs'] as const;

/** A `.` may be a decimal point. */
const endsSentence = oneOf(';?!');

/** Whether an operator with an operand is at `at`. */
function calculates(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  if (code === EQUALS) return true;
  const operand = line.charCodeAt(skipSpaces(line, at + 1));
  return isOperator(code) && (isDigit(operand) || operand === DOLLAR);
}

const isOperator = oneOf('+-*/×÷\u2212');
