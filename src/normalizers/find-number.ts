import { type Abstention, abstain } from '../domain/normalizer.ts';
import { isDigit, isNumeral, isSpace, isWordCharacter } from './characters.ts';
import { readNumber } from './read-number.ts';

/**
 * Returns the last number of a text, found from the end. Digits inside names (`GPT-4`, `x2`, `m²`) do not count. Abstains
 * if the last digits are not one readable number.
 */
export function lastNumber(text: string): number | Abstention | undefined {
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (!isNumeral(code)) continue;
    if (!isDigit(code)) {
      const before = text.charCodeAt(at - 1);
      if (isWordCharacter(before) && !isNumeral(before)) continue;
      return abstain('the last number is written in numerals that are not read');
    }
    const start = numeralStart(text, at);
    const found = lastNumberIn(text, start, at);
    if (found !== undefined) return found;
    at = start;
  }
  return undefined;
}

/** The links between digits that belong together, as in one number, a calculation or a date. */
const LINKS = [
  "[.,/:^'_\u2013\u2212\u2019-]",
  '[ \u00a0\u2009\u202f](?=\\d{3}(?!\\d))',
  '[eE^]\\{?[+\u2212-]?',
  ' ?[×·*x] ?\\{?[+\u2212-]?(?=10)',
];

/** The digits and links before a digit that belong to it. */
const LINKED = new RegExp(`(?<=((?:\\d+(?:${LINKS.join('|')}))*))`, 'y');

/** Returns the position of the first digit that belongs to the one at `last`. */
function numeralStart(text: string, last: number): number {
  let start = last;
  while (isDigit(text.charCodeAt(start - 1))) start--;
  if (start < 2) return start;
  LINKED.lastIndex = start;
  return start - (LINKED.exec(text)?.[1]?.length ?? 0);
}

/** Returns the last of the numbers that are written together from `start` to `last`. */
function lastNumberIn(text: string, start: number, last: number): number | Abstention | undefined {
  let found: number | Abstention | undefined;
  for (let at = start; at <= last; at++) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const { value, why, end } = readNumber(text, at);
    // The 2024 of `1/2/2024` is not a number of its own; the 3 of `1:2 3` is.
    const continues = typeof found === 'object' && !isSpace(text.charCodeAt(at - 1));
    if (why !== undefined) found = abstain(`the last number cannot be read: ${why}`);
    else if (value !== undefined && !continues) found = value;
    at = end - 1;
  }
  return found;
}

/** Returns the one number of a delimited answer. Abstains if there are several, as in a calculation. */
export function onlyNumber(text: string): number | Abstention | undefined {
  let found: number | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) {
      if (isNumeral(code) && !isWordCharacter(text.charCodeAt(at - 1)))
        return abstain('the marked answer is written in numerals that are not read');
      continue;
    }
    const { value, why, end } = readNumber(text, at);
    if (why !== undefined) return abstain(`the marked answer cannot be read: ${why}`);
    if (value !== undefined) {
      if (found !== undefined && found !== value)
        return abstain('the marked answer contains several numbers');
      found = value;
    }
    at = Math.max(at, end - 1);
  }
  return found;
}
