import { isAsciiLetter, isDigit, isSpace, isWordCharacter, skipSpaces, standsAt } from './characters.ts';

/**
 * What stands at a digit: a number (`value`), something with digits in it that is not one number, such as a date
 * or `10²` (`why`), or a part of a name such as `GPT-4` (neither). `end` is the position after it.
 */
export interface NumberReading {
  readonly value?: number;
  readonly why?: string;
  readonly end: number;
}

/**
 * Reads the number whose first digit stands at `start`, with what precedes it (sign, currency, decimal point)
 * and what follows it (separators, decimals, exponent, fraction, "million").
 */
export function readNumber(text: string, start: number, limit: number): NumberReading {
  const before = start > 0 ? text.charCodeAt(start - 1) : 32;
  if (isWordCharacter(before))
    return numeralBeyondAscii(before) ? { why: foreign, end: start + 1 } : skipName(text, start, limit);

  // `.5` is a number, `v.5` and `1..5` are not.
  const leadingPoint =
    before === 46 && !isWordCharacter(text.charCodeAt(start - 2)) && text.charCodeAt(start - 2) !== 46;
  const first = leadingPoint ? start - 1 : start;

  const digits = readDigits(text, first, limit);
  if (digits.why !== undefined) return digits;
  const prefix = readPrefix(text, first);
  if (prefix === 'name') return { end: digits.end };
  if (prefix !== '+' && prefix !== '-') return { why: prefix, end: digits.end };
  return finish(text, start, digits, prefix === '-', limit);
}

const foreign = 'it holds digits or fractions that are not read';

interface Digits {
  /** The number as JavaScript writes it: no separators, a decimal point. */
  readonly plain: string;
  readonly why?: string;
  readonly end: number;
}

/** Digits with their separators: `1,234.5`, `1.234.567`, `1 234`, `1'234`, `12,34,567`, `0,5`. */
function readDigits(text: string, start: number, limit: number): Digits {
  let at = skipDigits(text, start, limit);
  const separator = text.charCodeAt(at);
  if (separator !== 46 && separator !== 44 && !isGroupMark(separator))
    return { plain: text.slice(start, at), end: at };
  if (!isDigit(text.charCodeAt(at + 1)) || at + 1 >= limit) return { plain: text.slice(start, at), end: at };

  const grouped = start === at ? at : skipGroups(text, start, at, separator, limit);
  const groups = (grouped - at) / 4;
  let plain: string;
  if (grouped > at && (groups !== 1 || separator !== 46 || isDecimal(text, grouped, 44))) {
    plain = withoutSeparators(text, start, at, grouped);
    const mark = text.charCodeAt(grouped);
    at = grouped;
    if ((mark === 46 || mark === 44) && mark !== separator && isDigit(text.charCodeAt(grouped + 1))) {
      at = skipDigits(text, grouped + 1, limit);
      plain += `.${text.slice(grouped + 1, at)}`;
    }
  } else if (separator === 46 || separator === 44) {
    const end = skipDigits(text, at + 1, limit);
    plain = `${text.slice(start, at)}.${text.slice(at + 1, end)}`;
    at = end;
  } else return { plain: text.slice(start, at), end: at };

  const next = text.charCodeAt(at);
  if ((next === 46 || next === 44) && at + 1 < limit && isDigit(text.charCodeAt(at + 1))) {
    return { plain, why: 'its separators do not make one number', end: skipNumeral(text, at, limit) };
  }
  return { plain, end: at };
}

/** Blanks that group (plain, no-break, thin, narrow), apostrophes, underscore. */
const isGroupMark = (code: number): boolean =>
  code === 32 ||
  code === 0xa0 ||
  code === 0x2009 ||
  code === 0x202f ||
  code === 39 ||
  code === 0x2019 ||
  code === 95;

const isDecimal = (text: string, at: number, mark: number): boolean =>
  text.charCodeAt(at) === mark && isDigit(text.charCodeAt(at + 1));

function skipDigits(text: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isDigit(text.charCodeAt(at))) at++;
  return at;
}

function skipNumeral(text: string, start: number, limit: number): number {
  let at = start;
  while (
    at < limit &&
    (isDigit(text.charCodeAt(at)) || text.charCodeAt(at) === 46 || text.charCodeAt(at) === 44)
  )
    at++;
  return at;
}

/** The end of the groups of three that follow the first one to three digits; `first` when there are none. */
function skipGroups(text: string, start: number, first: number, separator: number, limit: number): number {
  const lead = first - start;
  if (lead > 3 || text.charCodeAt(start) === 48) return first;
  let at = first;
  while (at + 3 < limit && text.charCodeAt(at) === separator && threeDigits(text, at + 1)) {
    // Four digits after the separator are no group, and neither is then anything before them, except for blanks.
    if (at + 4 < limit && isDigit(text.charCodeAt(at + 4))) return isSpace(separator) ? at : first;
    at += 4;
  }
  return at;
}

const threeDigits = (text: string, at: number): boolean =>
  isDigit(text.charCodeAt(at)) && isDigit(text.charCodeAt(at + 1)) && isDigit(text.charCodeAt(at + 2));

/** The digits of `1,234,567`: the first group, then every three after a separator. */
function withoutSeparators(text: string, start: number, first: number, end: number): string {
  let plain = text.slice(start, first);
  for (let at = first; at < end; at += 4) plain += text.slice(at + 1, at + 4);
  return plain;
}

const skipName = (text: string, start: number, limit: number): NumberReading => ({
  end: skipDigits(text, start, limit),
});

/** The sign before a number, past a currency symbol; 'name' in `GPT-4`; a reason in `5-10` and `√2`. */
function readPrefix(text: string, start: number): string {
  if (start === 0) return '+';
  let at = start - 1;
  let code = text.charCodeAt(at);
  let money = false;
  if (code === 32 && isCurrency(text.charCodeAt(at - 1))) code = text.charCodeAt(--at);
  if (isCurrency(code)) {
    money = true;
    at -= text.charCodeAt(at - 1) === 92 ? 2 : 1;
    code = text.charCodeAt(at);
    // `US$5`, `R$ 5`
    while (at >= 0 && start - at < 6 && isAsciiLetter(code)) code = text.charCodeAt(--at);
    if (code === 32 && isMinus(text.charCodeAt(at - 1)) && !isAsciiLetter(text.charCodeAt(at - 2)))
      code = text.charCodeAt(--at);
  }
  if (code === 0x221a) return 'it is a root';
  if (code === 94)
    return isWordCharacter(text.charCodeAt(at - 1)) && !isDigit(text.charCodeAt(at - 1))
      ? 'name'
      : 'it is a power';
  if (isMinus(code)) {
    const owner = at > 0 ? text.charCodeAt(at - 1) : 32;
    if (isDigit(owner)) return money ? '+' : 'it is a range or a date';
    if (isWordCharacter(owner) && !money) return 'name';
    return owner === 41 || owner === 93 ? '+' : '-';
  }
  if (code === 32 || code === 9) return negated(text, at) ? '-' : '+';
  if (code === 123 && /(?:sqrt|\^|_)$/.test(text.slice(Math.max(0, at - 5), at)))
    return 'it is a root, a power or an index';
  return '+';
}

const isMinus = (code: number): boolean =>
  code === 45 || code === 0x2212 || code === 0x2013 || code === 0xfe63;

const isCurrency = (code: number): boolean =>
  code === 36 || (code >= 0xa2 && code <= 0xa5) || (code >= 0x20a0 && code <= 0x20cf);

/** Whether the word before the blank at `space` is "negative", or a "minus" that takes nothing away. */
function negated(text: string, space: number): boolean {
  if (standsAt(text, space - 8, 'negative')) return true;
  if (!standsAt(text, space - 5, 'minus')) return false;
  const owner = text.charCodeAt(space - 7);
  return !isDigit(owner) && owner !== 41;
}

/** Everything that may follow the digits, and the value. */
function finish(
  text: string,
  start: number,
  digits: Digits,
  negative: boolean,
  limit: number,
): NumberReading {
  let { plain, end } = digits;
  if (end >= limit && plain.length < 300) return { value: signed(Number(plain), negative), end };
  let value: number | undefined;
  const code = end < limit ? text.charCodeAt(end) : 32;

  if ((code | 32) === 120 && plain === '0' && /[\da-f]/i.test(text.charAt(end + 1)))
    return { why: 'it is hexadecimal', end: end + 2 };
  if ((code | 32) === 101) {
    const exponent = exponentEnd(text, end + 1, limit);
    if (exponent > end) {
      plain += text.slice(end, exponent).replace('\u2212', '-');
      end = exponent;
    }
  } else if (code === 47 && isDigit(text.charCodeAt(end + 1)) && end + 1 < limit) {
    const stop = skipDigits(text, end + 1, limit);
    const divisor = Number(text.slice(end + 1, stop));
    const again = text.charCodeAt(stop);
    if (divisor === 0 || ((again === 47 || again === 46) && isDigit(text.charCodeAt(stop + 1))))
      return { why: 'it is a date, or divided by 0', end: stop };
    if (mixed(text, start)) return { why: 'it is a mixed fraction', end: stop };
    value = Number(plain) / divisor;
    end = stop;
  } else if ((code === 58 || isMinus(code)) && isDigit(text.charCodeAt(end + 1)) && end + 1 < limit) {
    return { why: 'it is a time, a ratio, a range or a date', end: end + 1 };
  }

  const power = end < limit ? powerOfTen(text, end, limit, plain) : undefined;
  if (power !== undefined) {
    if (power.why !== undefined) return power;
    plain = power.plain;
    end = power.end;
  }
  if (end < limit && standsForMore(text, end)) return { why: foreign, end: end + 1 };
  if (value === undefined) {
    const scale = end < limit ? scaleAt(text, end) : undefined;
    if (scale !== undefined) {
      plain = /e/i.test(plain) ? plain : `${plain}e${scale.exponent}`;
      end = scale.end;
    }
    value = Number(plain);
    if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(plain.split(/e/i, 1)[0] ?? ''))) {
      return { why: 'it is beyond the numbers that can be held', end };
    }
  }
  return { value: signed(value, negative), end };
}

/** -0 is 0. */
const signed = (value: number, negative: boolean): number => (negative && value !== 0 ? -value : value);

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

/** Any digit or numeral of any script: `٢`, `½`, `²`, `Ⅳ`. */
export const isNumeral = (code: number): boolean =>
  code < 128 ? isDigit(code) : /[\p{Nd}\p{Nl}\p{No}]/u.test(String.fromCharCode(code));

const numeralBeyondAscii = (code: number): boolean => code > 127 && isNumeral(code);

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
