import {
  isAsciiLetter,
  isDigit,
  isMinus,
  isNumeral,
  isWordCharacter,
  skipDigits,
  skipSpaces,
  standsAt,
} from './characters.ts';
import type { Digits } from './number-digits.ts';

/**
 * What stands at a digit: a number (`value`), something with digits in it that is not one number, such as a date
 * or `10²` (`why`), or a part of a name such as `GPT-4` (neither). `end` is the position after it.
 */
export interface NumberReading {
  readonly value?: number;
  readonly why?: string;
  readonly end: number;
}

/** Why `10²`, `2½` and `1٢` are not read. */
export const foreign = 'it holds digits or fractions that are not read';

/** The value of the digits that start at `start`, without their sign, and with everything that follows them. */
export function withSuffix(text: string, start: number, digits: Digits, limit: number): NumberReading {
  const { plain, end } = digits;
  if (end >= limit) return held(plain, end);
  const code = text.charCodeAt(end);
  const digitNext = end + 1 < limit && isDigit(text.charCodeAt(end + 1));
  if (code === 47 && digitNext) return fraction(text, start, digits, limit);
  if ((code === 58 || isMinus(code)) && digitNext)
    return { why: 'it is a time, a ratio, a range or a date', end: end + 1 };
  if ((code | 32) === 120 && plain === '0' && /[\da-f]/i.test(text.charAt(end + 1)))
    return { why: 'it is hexadecimal', end: end + 2 };

  const exponent = (code | 32) === 101 ? exponentEnd(text, end + 1, limit) : end;
  const written = exponent > end ? plain + text.slice(end, exponent).replace('\u2212', '-') : plain;
  const scaled = exponent > end ? { plain: written, end: exponent } : digits;
  const power = powerOfTen(text, scaled.end, limit, written) ?? scaled;
  if (power.why !== undefined) return power;
  if (standsForMore(text, power.end)) return { why: foreign, end: power.end + 1 };
  const scale = power === digits ? scaleAt(text, end) : undefined;
  return scale === undefined ? held(power.plain, power.end) : held(`${plain}e${scale.exponent}`, scale.end);
}

/** The number that `plain` writes, unless it is too great, or too small, to be held. */
function held(plain: string, end: number): NumberReading {
  const value = Number(plain);
  const lost = value === 0 && plain.length > 1 && /^[^e]*[1-9]/i.test(plain);
  return lost || !Number.isFinite(value)
    ? { why: 'it is beyond the numbers that can be held', end }
    : { value, end };
}

/** `1/2`; not a date, and not the fraction of `2 1/2`. */
function fraction(text: string, start: number, { plain, end }: Digits, limit: number): NumberReading {
  const stop = skipDigits(text, end + 1, limit);
  const divisor = Number(text.slice(end + 1, stop));
  const again = stop < limit ? text.charCodeAt(stop) : 32;
  if (divisor === 0 || ((again === 47 || again === 46) && isDigit(text.charCodeAt(stop + 1))))
    return { why: 'it is a date, or divided by 0', end: stop };
  if (mixed(text, start)) return { why: 'it is a mixed fraction', end: stop };
  if (again === 94 || standsForMore(text, stop)) return { why: foreign, end: stop };
  const value = Number(plain) / divisor;
  const whole = Number.isFinite(divisor) && Number.isFinite(value);
  return whole ? { value, end: stop } : { why: 'it is beyond the numbers that can be held', end: stop };
}

/** The end of `e5`, `e+5`, `e-5` whose sign or digit stands at `start`; `start - 1` when it is no exponent. */
function exponentEnd(text: string, start: number, limit: number): number {
  const code = text.charCodeAt(start);
  const digit = code === 43 || code === 45 || code === 0x2212 ? start + 1 : start;
  const stop = skipDigits(text, digit, limit);
  return stop > digit && !isAsciiLetter(text.charCodeAt(stop)) ? stop : start - 1;
}

/** `10^6` and `3 × 10^8`; any other power is not read, so that `2^10` never counts as 2 or 10. */
function powerOfTen(text: string, end: number, limit: number, plain: string): Digits | undefined {
  let at = end;
  let coefficient = plain;
  if (text.charCodeAt(at) !== 94) {
    at = skipSpaces(text, at, limit);
    const code = text.charCodeAt(at);
    if (code !== 0xd7 && code !== 0xb7 && code !== 42 && code !== 120) return undefined;
    at = skipSpaces(text, at + 1, limit);
    if (!standsAt(text, at, '10^')) {
      return standsAt(text, at, '10') && isSuperscript(text.charCodeAt(at + 2))
        ? { plain, why: foreign, end: at + 3 }
        : undefined;
    }
    at += 2;
  } else if (plain === '10') coefficient = '1';
  else return { plain, why: 'it is a power', end: end + 1 };
  at += text.charCodeAt(at + 1) === 123 ? 2 : 1;
  const sign = isMinus(text.charCodeAt(at)) ? '-' : '';
  const first = sign === '' ? at : at + 1;
  const stop = skipDigits(text, first, limit);
  if (stop === first) return { plain, why: 'it is a power', end: at };
  return {
    plain: `${coefficient}e${sign}${text.slice(first, stop)}`,
    end: text.charCodeAt(stop) === 125 ? stop + 1 : stop,
  };
}

/** Whether the digits go on in a way that is not read: `10²`, `2½`, `2 ½`, `3π`, `1٢`, `2\sqrt`. */
function standsForMore(text: string, end: number): boolean {
  const code = text.charCodeAt(end);
  if (code === 32) return isNumeral(text.charCodeAt(end + 1)) && !isDigit(text.charCodeAt(end + 1));
  return (
    code === 0x3c0 ||
    code === 0x221a ||
    (code > 127 && isNumeral(code)) ||
    standsAt(text, end, '\\sqrt') ||
    standsAt(text, end, '\\pi')
  );
}

const isSuperscript = (code: number): boolean =>
  code === 0xb2 || code === 0xb3 || code === 0xb9 || (code >= 0x2070 && code <= 0x208e);

/** `2 1/2`: the fraction's numerator at `start` follows a whole number. */
function mixed(text: string, start: number): boolean {
  return text.charCodeAt(start - 1) === 32 && isDigit(text.charCodeAt(start - 2));
}

const scales = [
  ['thousand', 3],
  ['million', 6],
  ['billion', 9],
  ['trillion', 12],
] as const;

/** "1.5 million", and the `k` of "10k". */
function scaleAt(text: string, end: number): { readonly exponent: number; readonly end: number } | undefined {
  const code = text.charCodeAt(end);
  if ((code | 32) === 107 && !isWordCharacter(text.charCodeAt(end + 1))) return { exponent: 3, end: end + 1 };
  const at = code === 32 || code === 45 || code === 0xa0 ? end + 1 : end;
  const initial = text.charCodeAt(at) | 32;
  if (initial !== 116 && initial !== 109 && initial !== 98) return undefined;
  for (const [word, exponent] of scales) {
    if (standsAt(text, at, word)) return { exponent, end: at + word.length };
  }
  return undefined;
}
