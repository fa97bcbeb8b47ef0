import { DOLLAR } from './character-codes.ts';
import {
  type CharacterTest,
  isAsciiLetter,
  isBeyondAscii,
  isDigit,
  isMinus,
  isWordCharacter,
  standsAt,
} from './characters.ts';

/** The longest currency between a sign and a number, such as ` AUD$`. */
const LONGEST_CURRENCY = 5;

const isCurrency: CharacterTest = (code) =>
  code === DOLLAR || (isBeyondAscii(code) && currencyBeyondAscii.test(String.fromCharCode(code)));

const currencyBeyondAscii = /[\u00a2-\u00a5\u20a0-\u20cf]/;

/**
 * Returns the sign before a number, across a currency symbol. Returns 'name' if the number is part of a name (`GPT-4`),
 * and the reason if it is not a number of its own (`5-10`, `√2`).
 */
export function readPrefix(text: string, start: number): string {
  if (start === 0) return '+';
  let at = start - 1;
  if (text.charAt(at) === ' ' && isCurrency(text.charCodeAt(at - 1))) at--;
  const isMoney = isCurrency(text.charCodeAt(at));
  if (isMoney) at = beforeCurrency(text, at, start - 1 - LONGEST_CURRENCY);
  const before = text.charCodeAt(at - 1);
  const mark = text.charAt(at);
  switch (mark) {
    case '√':
      return 'it is a root';
    case '±':
      return 'it is two numbers';
    case '^':
      return isWordCharacter(before) && !isDigit(before) ? 'name' : 'it is a power';
    case '{':
      return /(?:sqrt|\^|_)$/.test(text.slice(Math.max(0, at - 5), at))
        ? 'it is a root, a power or an index'
        : '+';
    case ' ':
    case '\t':
      return isNegated(text, at) ? '-' : '+';
  }
  if (!isMinus(text.charCodeAt(at))) return '+';
  if (isDigit(before)) return isMoney ? '+' : 'it is a range or a date';
  if (isWordCharacter(before) && !isMoney) return 'name';
  // A minus after brackets subtracts.
  return text.charAt(at - 1) === ')' || text.charAt(at - 1) === ']' ? '+' : '-';
}

/** Returns the position before a currency with its symbol at `symbol`: before the `US` of `US$5`, the blank of `- $5`. */
function beforeCurrency(text: string, symbol: number, least: number): number {
  let at = symbol - (text.charAt(symbol - 1) === '\\' ? 2 : 1);
  while (at > least && isAsciiLetter(text.charCodeAt(at))) at--;
  const isSigned =
    text.charAt(at) === ' ' && isMinus(text.charCodeAt(at - 1)) && !isAsciiLetter(text.charCodeAt(at - 2));
  return isSigned ? at - 1 : at;
}

/** Whether the word before the blank at `space` is "negative", or a "minus" that subtracts nothing. */
function isNegated(text: string, space: number): boolean {
  if (standsAt(text, space - NEGATIVE.length, NEGATIVE)) return true;
  const minus = space - MINUS_WORD.length;
  return standsAt(text, minus, MINUS_WORD) && !/[\d)]/.test(text.charAt(minus - 2));
}

const NEGATIVE = 'negative';
const MINUS_WORD = 'minus';
