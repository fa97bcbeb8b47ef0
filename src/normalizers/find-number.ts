import { type Abstention, abstain } from '../domain/normalizer.ts';
import { isDigit, isNumeral, isSpace, isWordCharacter } from './characters.ts';
import { readNumber } from './read-number.ts';

/**
 * The last number between `from` and `to`, found from the end. Digits inside names (`GPT-4`, `x2`, `m²`) are
 * passed over; abstains when the last thing written in digits is not one readable number.
 */
export function lastNumber(text: string, from: number, to: number): number | Abstention | undefined {
  for (let at = to - 1; at >= from; at--) {
    const code = text.charCodeAt(at);
    if (code < 128 ? !isDigit(code) : !isNumeral(code)) continue;
    if (code > 127) {
      const owner = text.charCodeAt(at - 1);
      if (isWordCharacter(owner) && !isNumeral(owner)) continue;
      return abstain('the last number is written in numerals that are not read');
    }
    const start = numeralStart(text, at, from);
    let found: number | Abstention | undefined;
    for (let next = start; next <= at; next++) {
      if (!isDigit(text.charCodeAt(next))) continue;
      const { value, why, end } = readNumber(text, next, to);
      // The 2024 of `1/2/2024` is no number of its own; the 3 of `1:2 3` is.
      const continues = typeof found === 'object' && !isSpace(text.charCodeAt(next - 1));
      if (why !== undefined) found = abstain(`the last number cannot be read: ${why}`);
      else if (value !== undefined && !continues) found = value;
      next = end - 1;
    }
    if (found !== undefined) return found;
    at = start;
  }
  return undefined;
}

/** The first digit of what belongs to the digit at `last`: over separators, fractions, powers, time and dates. */
function numeralStart(text: string, last: number, from: number): number {
  let start = last;
  /** Where the run of digits ends that `start` is in: a blank joins only groups of three. */
  let run = last;
  while (start > from) {
    const code = text.charCodeAt(start - 1);
    if (isDigit(code)) start--;
    else if (start - 2 >= from && joins(code, run - start === 2) && isDigit(text.charCodeAt(start - 2))) {
      start -= 2;
      run = start;
    } else {
      const base = exponentBase(text, start);
      if (base < from || base === start) break;
      start = base;
      run = start;
    }
  }
  return start;
}

/** Characters that may stand between two digits of one thing: `. , ' _ / : ^`, dashes, and blanks before a group. */
const joins = (code: number, group: boolean): boolean =>
  joining.has(code) || (group && (code === 32 || code === 0xa0 || code === 0x2009 || code === 0x202f));

const joining = new Set(Array.from(".,/:^'_-\u2013\u2212\u2019", (mark) => mark.charCodeAt(0)));

/** The last digit before `e+`, `e-`, `^{`, `^-`, ` × ` that leads to the digit at `start`; `start` when there is none. */
function exponentBase(text: string, start: number): number {
  let at = start - 1;
  let code = text.charCodeAt(at);
  if (code === 43 || code === 45 || code === 0x2212) code = text.charCodeAt(--at);
  if (code === 123) code = text.charCodeAt(--at);
  if (code === 94 || (code | 32) === 101) return isDigit(text.charCodeAt(at - 1)) ? at - 1 : start;
  if (text.charCodeAt(at) === 32) code = text.charCodeAt(--at);
  if ((code === 0xd7 || code === 0xb7 || code === 42 || code === 120) && text.startsWith('10', start)) {
    if (text.charCodeAt(at - 1) === 32) at--;
    return isDigit(text.charCodeAt(at - 1)) ? at - 1 : start;
  }
  return start;
}

/** The one number that a delimited answer holds; abstains when it holds several, as a calculation does. */
export function onlyNumber(text: string): number | Abstention | undefined {
  let found: number | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) {
      if (code > 127 && isNumeral(code) && !isWordCharacter(text.charCodeAt(at - 1)))
        return abstain('the marked answer is written in numerals that are not read');
      continue;
    }
    const { value, why, end } = readNumber(text, at, text.length);
    if (why !== undefined) return abstain(`the marked answer cannot be read: ${why}`);
    if (value !== undefined) {
      if (found !== undefined && found !== value) return abstain('the marked answer holds several numbers');
      found = value;
    }
    at = Math.max(at, end - 1);
  }
  return found;
}
