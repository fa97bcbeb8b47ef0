import { HYPHEN, UNDERSCORE } from '../reading/character-codes.ts';
import { isAsciiLetter, isDigit, isMinus, isWordCharacter, oneOf } from '../reading/characters.ts';

/** An option in lower case, folded, and as listed. */
export interface Spelling<Option extends string> {
  readonly lower: string;
  readonly option: Option;
}

/** Finds the longest option that is a word of its own at a position of a text and of its copy in lower case. */
export type OptionScanner<Option extends string> = (
  text: string,
  lower: string,
  at: number,
) => Spelling<Option> | undefined;

/** Returns a scanner for options. A position is compared only with the options that start with its character. */
export function optionScanner<Option extends string>(
  spellings: readonly Spelling<Option>[],
): OptionScanner<Option> {
  const longestFirst = [...spellings].sort((a, b) => b.lower.length - a.lower.length);
  const byInitial = Map.groupBy(longestFirst, ({ lower }) => lower.charCodeAt(0));
  return (text, lower, at) => {
    const candidates = byInitial.get(lower.charCodeAt(at));
    if (candidates === undefined) return undefined;
    return candidates.find(
      ({ lower: wanted }) => lower.startsWith(wanted, at) && standsAlone(text, at, at + wanted.length),
    );
  };
}

/** Whether an option is a word of its own: `B` is in `(B)`, but not in `Bob`, `B's`, `B-side`; `2` is not in `2.5`. */
function standsAlone(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  const last = text.charCodeAt(end - 1);
  if (start > 0 && isWordCharacter(first)) {
    const before = text.charCodeAt(start - 1);
    if (isWordCharacter(before)) return before === UNDERSCORE && !isWordCharacter(text.charCodeAt(start - 2));
    if (before === HYPHEN && isAsciiLetter(text.charCodeAt(start - 2))) return false;
    if (isDigit(first) && (isMinus(before) || (joinsDigits(before) && isDigit(text.charCodeAt(start - 2)))))
      return false;
  }
  if (end < text.length && isWordCharacter(last)) {
    const after = text.charCodeAt(end);
    if (isWordCharacter(after)) return after === UNDERSCORE && !isWordCharacter(text.charCodeAt(end + 1));
    if (after === PRIME) return false;
    if (joinsWords(after) && isAsciiLetter(text.charCodeAt(end + 1))) return false;
    if (isDigit(last) && (isUnit(after) || (joinsDigits(after) && isDigit(text.charCodeAt(end + 1)))))
      return false;
  }
  return true;
}

/** The mark of `A′`. */
const PRIME = 0x2032;

/** A hyphen or an apostrophe. */
const joinsWords = oneOf("-'\u2019");

const joinsDigits = oneOf('.,:/-\u2013');

const isUnit = oneOf('%\u00b0^');
