import { isDigit, isNumeral, isWordCharacter, skipDigits } from './characters.ts';
import { readDigits } from './number-digits.ts';
import { readPrefix } from './number-prefix.ts';
import { foreign, type NumberReading, withSuffix } from './number-suffix.ts';

/**
 * Reads the number whose first digit stands at `start`, with what precedes it (sign, currency, decimal point)
 * and what follows it (separators, decimals, exponent, fraction, "million").
 */
export function readNumber(text: string, start: number, limit: number): NumberReading {
  const before = start > 0 ? text.charCodeAt(start - 1) : 32;
  if (isWordCharacter(before))
    return isNumeral(before) && !isDigit(before)
      ? { why: foreign, end: start + 1 }
      : { end: skipDigits(text, start, limit) };

  // `.5` is a number, `v.5` and `1..5` are not.
  const leadingPoint =
    before === 46 && !isWordCharacter(text.charCodeAt(start - 2)) && text.charCodeAt(start - 2) !== 46;
  const first = leadingPoint ? start - 1 : start;

  const digits = readDigits(text, first, limit);
  if (digits.why !== undefined) return digits;
  const prefix = readPrefix(text, first);
  if (prefix === 'name') return { end: digits.end };
  if (prefix !== '+' && prefix !== '-') return { why: prefix, end: digits.end };
  const reading = withSuffix(text, start, digits, limit);
  return prefix === '-' && reading.value !== undefined && reading.value !== 0
    ? { value: -reading.value, end: reading.end }
    : reading;
}
