import { DOLLAR, SPACE } from './character-codes.ts';
import {
  type CharacterTest,
  isAsciiLetter,
  isBeyondAscii,
  isDigit,
  isMinus,
  isNumeral,
  isWordCharacter,
  MINUS,
  oneOf,
  skipDigits,
  standsAt,
} from './characters.ts';

/**
 * The reading of the text at a digit: a number (`value`), digits that are not one number, such as a date or `10²`
 * (the reason is `why`), or part of a name such as `GPT-4` (neither). `end` is the position after it.
 */
export interface NumberReading {
  readonly value?: number;
  readonly why?: string;
  readonly end: number;
}

/** Digits with their separators: `1,234.5`, `1.234.567`, `1 234`, `1'234`, `0,5`. */
interface Digits {
  /** The number as JavaScript writes it: no separators, a decimal point. */
  readonly plain: string;
  readonly why?: string;
  readonly end: number;
}

/**
 * Reads the number whose first digit is at `start`, with what precedes it (sign, currency, decimal point)
 * and what follows it (separators, decimals, exponent, fraction, "million").
 *
 * The patterns below match at one position, and each of them is linear in the length of the text.
 */
export function readNumber(text: string, start: number): NumberReading {
  const before = start > 0 ? text.charCodeAt(start - 1) : SPACE;
  if (isWordCharacter(before))
    return isNumeral(before) && !isDigit(before)
      ? { why: UNKNOWN_DIGITS, end: start + 1 }
      : { end: skipDigits(text, start) };

  const first = hasLeadingPoint(text, start) ? start - 1 : start;
  const digits = readDigits(text, first);
  if (digits.why !== undefined) return { why: digits.why, end: digits.end };
  const prefix = readPrefix(text, first);
  if (prefix === 'name') return { end: digits.end };
  if (prefix !== '+' && prefix !== '-') return { why: prefix, end: digits.end };
  const reading = readSuffix(text, start, digits);
  return prefix === '-' && reading.value !== undefined && reading.value !== 0
    ? { value: -reading.value, end: reading.end }
    : reading;
}

/** The reason for not reading `10²`, `2½` and `1٢`. */
const UNKNOWN_DIGITS = 'it holds digits or fractions that are not read';

const OUT_OF_RANGE = 'it is beyond the numbers that can be held';

/** `.5` is a number, `v.5` and `1..5` are not. */
const hasLeadingPoint = (text: string, start: number): boolean =>
  text.charAt(start - 1) === '.' &&
  text.charAt(start - 2) !== '.' &&
  !isWordCharacter(text.charCodeAt(start - 2));

/**
 * Digits in groups of three. Points need two groups (`1.234` is a decimal), or a decimal comma after the first.
 * A group of four after a blank, an apostrophe or `_` is the next number; after other separators nothing is grouped.
 */
const GROUPED =
  /[1-9]\d{0,2}(?:(?:,\d{3})+(?!,?\d)|\.\d{3}(?:(?:\.\d{3})+(?!\.?\d)|(?=,\d))|([ \u00a0\u2009\u202f'\u2019_])\d{3}(?!\d)(?:\1\d{3}(?!\d))*)/y;

function readDigits(text: string, start: number): Digits {
  const integerEnd = skipDigits(text, start);
  // Separators are followed by digits.
  if (!isDigit(text.charCodeAt(integerEnd + 1)))
    return { plain: text.slice(start, integerEnd), end: integerEnd };

  const groupsEnd = endOf(GROUPED, text, start);
  const isGrouped = groupsEnd > start;
  const wholeEnd = isGrouped ? groupsEnd : integerEnd;
  let plain = text.slice(start, integerEnd);
  for (let at = integerEnd; at < wholeEnd; at += 4) plain += text.slice(at + 1, at + 4);
  let end = wholeEnd;
  if (hasDecimals(text, wholeEnd)) {
    end = skipDigits(text, wholeEnd + 1);
    plain += `.${text.slice(wholeEnd + 1, end)}`;
    if (hasDecimals(text, end))
      return { plain, why: 'its separators do not make one number', end: endOf(/[\d.,]+/y, text, end) };
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

/** The longest currency between a sign and a number, such as ` AUD$`. */
const LONGEST_CURRENCY = 5;

const isCurrency: CharacterTest = (code) =>
  code === DOLLAR || (isBeyondAscii(code) && currencyBeyondAscii.test(String.fromCharCode(code)));

const currencyBeyondAscii = /[\u00a2-\u00a5\u20a0-\u20cf]/;

/** The sign before a number, past a currency symbol; 'name' in `GPT-4`; a reason in `5-10` and `√2`. */
function readPrefix(text: string, start: number): string {
  if (start === 0) return '+';
  let at = start - 1;
  if (text.charAt(at) === ' ' && isCurrency(text.charCodeAt(at - 1))) at--;
  const isMoney = isCurrency(text.charCodeAt(at));
  if (isMoney) at = beforeCurrency(text, at, start - 1 - LONGEST_CURRENCY);
  const before = text.charCodeAt(at - 1);
  const mark = text.charAt(at);
  switch (mark) {
    case '\u221a':
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

/** The position before the currency whose symbol is at `symbol`: before the `US` of `US$5`, the blank of `- $5`. */
function beforeCurrency(text: string, symbol: number, least: number): number {
  let at = symbol - (text.charAt(symbol - 1) === '\\' ? 2 : 1);
  while (at > least && isAsciiLetter(text.charCodeAt(at))) at--;
  const isSigned =
    text.charAt(at) === ' ' && isMinus(text.charCodeAt(at - 1)) && !isAsciiLetter(text.charCodeAt(at - 2));
  return isSigned ? at - 1 : at;
}

/** Whether the word before the blank at `space` is "negative", or a "minus" that subtracts nothing. */
function isNegated(text: string, space: number): boolean {
  if (standsAt(text, space - 8, 'negative')) return true;
  return standsAt(text, space - 5, 'minus') && !/[\d)]/.test(text.charAt(space - 7));
}

/** `e5`, `e+5`, `E-5`. */
const EXPONENT = '[eE][+\u2212-]?\\d+(?![A-Za-z\\d])';

/** ` × 10`, before a power. */
const TIMES_TEN = '\\s*[×·*x]\\s*10';

/** `^6`, `^{-6}`, ` × 10^6`; without its digits when they are not plain ones. */
const POWER = `(?<base>${TIMES_TEN})?\\^\\{?(?:(?<powerSign>[${MINUS}]?)(?<power>\\d+)\\}?)?`;

/** ` × 10²`. */
const SUPERSCRIPT_POWER = `${TIMES_TEN}[²³¹\u2070-\u208e]`;

/** What follows the digits and makes them another number, or none. */
const SUFFIX = new RegExp(
  [
    '/(?<divisor>\\d+)(?=(?<date>[/.]\\d)?)',
    `(?<range>[:${MINUS}])(?=\\d)`,
    `(?<exponent>${EXPONENT})`,
    POWER,
    `(?<superscript>${SUPERSCRIPT_POWER})`,
  ].join('|'),
  'y',
);

const SUFFIX_OF_EXPONENT = new RegExp(`${POWER}|(?<superscript>${SUPERSCRIPT_POWER})`, 'y');

/** The value of the digits that start at `start`, without their sign, and with everything that follows them. */
function readSuffix(text: string, start: number, digits: Digits): NumberReading {
  const { plain, end } = digits;
  if (end === text.length) return numberOf(plain, end);
  if (plain === '0' && /^x[\da-f]/i.test(text.slice(end, end + 2)))
    return { why: 'it is hexadecimal', end: end + 2 };

  const match = matchAt(SUFFIX, text, end);
  if (match === null) return goesOn(text, end) ?? scaled(text, digits);
  const { divisor, date, range, exponent } = match.groups ?? {};
  const suffixEnd = end + match[0].length;
  if (divisor !== undefined)
    return date === undefined
      ? readFraction(text, start, plain, divisor, suffixEnd)
      : { why: 'it is a date, or divided by 0', end: suffixEnd };
  if (range !== undefined) return { why: 'it is a time, a ratio, a range or a date', end: suffixEnd };
  if (exponent === undefined) return readPower(text, plain, end, match);
  const written = plain + exponent.replace('\u2212', '-');
  const power = matchAt(SUFFIX_OF_EXPONENT, text, suffixEnd);
  if (power !== null) return readPower(text, written, suffixEnd, power);
  return goesOn(text, suffixEnd) ?? numberOf(written, suffixEnd);
}

/** `1/2`; not the fraction of `2 1/2`. */
function readFraction(
  text: string,
  start: number,
  dividend: string,
  divisor: string,
  end: number,
): NumberReading {
  if (Number(divisor) === 0) return { why: 'it is a date, or divided by 0', end };
  if (text.charAt(start - 1) === ' ' && isDigit(text.charCodeAt(start - 2)))
    return { why: 'it is a mixed fraction', end };
  if (text.charAt(end) === '^') return { why: UNKNOWN_DIGITS, end };
  if (goesOn(text, end) !== undefined) return { why: UNKNOWN_DIGITS, end };
  const value = Number(dividend) / Number(divisor);
  return Number.isFinite(Number(divisor)) && Number.isFinite(value)
    ? { value, end }
    : { why: OUT_OF_RANGE, end };
}

/** `10^6` and `3 × 10^8`; any other power is not read, so that `2^10` never counts as 2 or 10. */
function readPower(text: string, plain: string, start: number, match: RegExpExecArray): NumberReading {
  const { base, powerSign = '', power, superscript } = match.groups ?? {};
  const end = start + match[0].length;
  if (superscript !== undefined) return { why: UNKNOWN_DIGITS, end };
  if (base === undefined && plain !== '10') return { why: 'it is a power', end: start + 1 };
  if (power === undefined) return { why: 'it is a power', end };
  const exponent = `e${powerSign && '-'}${power}`;
  return goesOn(text, end) ?? numberOf(`${base === undefined ? '1' : plain}${exponent}`, end);
}

/** An abstention if the digits go on in a way that is not read: `10²`, `2½`, `2 ½`, `3π`, `1٢`, `2\sqrt`. */
function goesOn(text: string, end: number): NumberReading | undefined {
  const mark = text.charAt(end);
  const code = text.charCodeAt(mark === ' ' ? end + 1 : end);
  const isUnknown =
    (isBeyondAscii(code) && isNumeral(code)) ||
    mark === 'π' ||
    mark === '√' ||
    (mark === '\\' && (standsAt(text, end, '\\sqrt') || standsAt(text, end, '\\pi')));
  return isUnknown ? { why: UNKNOWN_DIGITS, end: end + 1 } : undefined;
}

const SCALES: Readonly<Record<string, number>> = { thousand: 3, million: 6, billion: 9, trillion: 12 };

const SCALE = new RegExp(`[ \u00a0-]?(${Object.keys(SCALES).join('|')})`, 'iy');

/** "1.5 million", and the `k` of "10k". */
function scaled(text: string, { plain, end }: Digits): NumberReading {
  if ((text.charAt(end) === 'k' || text.charAt(end) === 'K') && !isWordCharacter(text.charCodeAt(end + 1)))
    return numberOf(`${plain}e3`, end + 1);
  const match = matchAt(SCALE, text, end);
  if (match === null) return numberOf(plain, end);
  const [written, word = ''] = match;
  return numberOf(`${plain}e${SCALES[word.toLowerCase()]}`, end + written.length);
}

/** The number that `plain` writes, unless it is too great or too small. */
function numberOf(plain: string, end: number): NumberReading {
  const value = Number(plain);
  const isLost = value === 0 && plain.length > 1 && /^[^e]*[1-9]/i.test(plain);
  return isLost || !Number.isFinite(value) ? { why: OUT_OF_RANGE, end } : { value, end };
}

/** The match of a sticky pattern at a position. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The end of the match of a sticky pattern at a position; the position itself if there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
