import { isDigit, oneOf, skipDigits } from './characters.ts';
import { endOfMatch } from './sticky.ts';

/** Digits with their separators: `1,234.5`, `1.234.567`, `1 234`, `1'234`, `0,5`. */
export interface Digits {
  /** The number as JavaScript writes it: no separators, a decimal point. */
  readonly plain: string;
  /** The reason if the separators do not make one number. */
  readonly why?: string;
  readonly end: number;
}

/** Digits in groups of three. */
const GROUPED = new RegExp(
  `[1-9]\\d{0,2}(?:${[
    '(?:,\\d{3})+(?!,?\\d)',
    // `1.234` is a decimal; `1.234.567` and `1.234,5` are not.
    '\\.\\d{3}(?:(?:\\.\\d{3})+(?!\\.?\\d)|(?=,\\d))',
    // After these separators a group of four is the next number.
    "([ \u00a0\u2009\u202f'\u2019_])\\d{3}(?!\\d)(?:\\1\\d{3}(?!\\d))*",
  ].join('|')})`,
  'y',
);

/** Reads digits and their separators from `start`. Every pattern is linear in the length of the text. */
export function readDigits(text: string, start: number): Digits {
  const integerEnd = skipDigits(text, start);
  // A separator is followed by a digit.
  if (!isDigit(text.charCodeAt(integerEnd + 1)))
    return { plain: text.slice(start, integerEnd), end: integerEnd };

  const groupsEnd = endOfMatch(GROUPED, text, start);
  const isGrouped = groupsEnd > start;
  const wholeEnd = isGrouped ? groupsEnd : integerEnd;
  let plain = text.slice(start, integerEnd);
  for (let at = integerEnd; at < wholeEnd; at += 4) plain += text.slice(at + 1, at + 4);
  let end = wholeEnd;
  if (hasDecimals(text, wholeEnd)) {
    end = skipDigits(text, wholeEnd + 1);
    plain += `.${text.slice(wholeEnd + 1, end)}`;
    if (hasDecimals(text, end))
      return { plain, why: 'its separators do not make one number', end: endOfMatch(/[\d.,]+/y, text, end) };
  }
  return isList(text, start, end, isGrouped) ? { plain, why: 'it is a list', end } : { plain, end };
}

const isDecimalMark = oneOf('.,');

const hasDecimals = (text: string, at: number): boolean =>
  isDecimalMark(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1));

/** A comma separates the items of `[1,2]`, `[1,234]` and `(1,2)`, but the thousands of `(1,234)`. */
const isList = (text: string, start: number, end: number, isGrouped: boolean): boolean =>
  (text.charAt(start - 1) === '[' || (text.charAt(start - 1) === '(' && !isGrouped)) &&
  /^\d+,/.test(text.slice(start, end));
