import { isBeyondAscii, isDigit, isNumeral, isWordCharacter, MINUS, standsAt } from './characters.ts';
import type { Digits } from './number-digits.ts';
import { matchAt } from './sticky.ts';

/**
 * The reading of the text at a digit: a number (`value`), digits that are not one number, such as a date or `10²`
 * (the reason is `why`), or part of a name such as `GPT-4` (neither). `end` is the position after it.
 */
export interface NumberReading {
  readonly value?: number;
  readonly why?: string;
  readonly end: number;
}

/** The reason for not reading `10²`, `2½` and `1٢`. */
export const UNKNOWN_DIGITS = 'it contains digits or fractions that are not read';

const OUT_OF_RANGE = 'it is beyond the range of numbers';

/** `e5`, `e+5`, `E-5`. */
const EXPONENT = '[eE][+\u2212-]?\\d+(?![A-Za-z\\d])';

/** ` × 10`, before a power. */
const TIMES_TEN = '\\s*[×·*x]\\s*10';

/** `^6`, `^{-6}`, ` × 10^6`; without its digits unless they are plain. */
const POWER = `(?<base>${TIMES_TEN})?\\^\\{?(?:(?<powerSign>[${MINUS}]?)(?<power>\\d+)\\}?)?`;

/** ` × 10²`. */
const SUPERSCRIPT_POWER = `(?<superscript>${TIMES_TEN}[²³¹\u2070-\u208e])`;

/** The text after the digits, if it changes their value or makes them something else. */
const SUFFIX = new RegExp(
  [
    '/(?<divisor>\\d+)(?=(?<date>[/.]\\d)?)',
    `(?<range>[:${MINUS}])(?=\\d)`,
    `(?<exponent>${EXPONENT})`,
    POWER,
    SUPERSCRIPT_POWER,
  ].join('|'),
  'y',
);

const SUFFIX_OF_EXPONENT = new RegExp(`${POWER}|${SUPERSCRIPT_POWER}`, 'y');

/** Returns the value of the digits that start at `start`, without their sign, and with everything that follows them. */
export function readSuffix(text: string, start: number, digits: Digits): NumberReading {
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

/** Reads `1/2`, but not the fraction of `2 1/2`. */
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
  if (text.charAt(end) === '^' || goesOn(text, end) !== undefined) return { why: UNKNOWN_DIGITS, end };
  const value = Number(dividend) / Number(divisor);
  return Number.isFinite(Number(divisor)) && Number.isFinite(value)
    ? { value, end }
    : { why: OUT_OF_RANGE, end };
}

/** Reads `10^6` and `3 × 10^8`, but no other power, so that `2^10` never counts as 2 or 10. */
function readPower(text: string, plain: string, start: number, match: RegExpExecArray): NumberReading {
  const { base, powerSign = '', power, superscript } = match.groups ?? {};
  const end = start + match[0].length;
  if (superscript !== undefined) return { why: UNKNOWN_DIGITS, end };
  if (base === undefined && plain !== '10') return { why: 'it is a power', end: start + 1 };
  if (power === undefined) return { why: 'it is a power', end };
  const exponent = `e${powerSign && '-'}${power}`;
  return goesOn(text, end) ?? numberOf(`${base === undefined ? '1' : plain}${exponent}`, end);
}

/** Returns a reading without a value if more digits follow that are not read: `10²`, `2½`, `2 ½`, `3π`, `1٢`, `2\sqrt`. */
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

/** Reads "1.5 million", and the `k` of "10k". */
function scaled(text: string, { plain, end }: Digits): NumberReading {
  if ((text.charAt(end) === 'k' || text.charAt(end) === 'K') && !isWordCharacter(text.charCodeAt(end + 1)))
    return numberOf(`${plain}e3`, end + 1);
  const match = matchAt(SCALE, text, end);
  if (match === null) return numberOf(plain, end);
  const [written, word = ''] = match;
  return numberOf(`${plain}e${SCALES[word.toLowerCase()]}`, end + written.length);
}

/** Returns the number that `plain` writes, unless it is too great or too small. */
function numberOf(plain: string, end: number): NumberReading {
  const value = Number(plain);
  const isLost = value === 0 && plain.length > 1 && /^[^e]*[1-9]/i.test(plain);
  return isLost || !Number.isFinite(value) ? { why: OUT_OF_RANGE, end } : { value, end };
}
