import { SPACE } from './character-codes.ts';
import { isDigit, isNumeral, isWordCharacter, skipDigits } from './characters.ts';
import { readDigits } from './number-digits.ts';
import { readPrefix } from './number-prefix.ts';
import { type NumberReading, readSuffix, UNKNOWN_DIGITS } from './number-suffix.ts';

/**
 * Reads the number that has its first digit at `start`, with the characters before it (sign, currency, decimal point)
 * and after it (separators, decimals, exponent, fraction, "million").
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

/** `.5` is a number, `v.5` and `1..5` are not. */
const hasLeadingPoint = (text: string, start: number): boolean =>
  text.charAt(start - 1) === '.' &&
  text.charAt(start - 2) !== '.' &&
  !isWordCharacter(text.charCodeAt(start - 2));
