import { lazily } from '../../domain/lazily.ts';
import { BACKSLASH, COMMA, DOLLAR, HYPHEN, SPACE } from '../reading/character-codes.ts';
import {
  type CharacterTest,
  isNewline,
  isSpace,
  isWordCharacter,
  oneOf,
  skip,
  skipSpaces,
} from '../reading/characters.ts';
import { endOfMatch } from '../reading/sticky.ts';
import { FILLERS, JOINED_FILLERS } from './announcement-words.ts';

/** Emphasis and quotation marks. */
export const isDecoration = oneOf('*_`"\'\u201c\u201d\u2018\u2019\u00ab\u300c');

const opensMath = oneOf('([');

const isFillerMark: CharacterTest = (code) =>
  isSpace(code) || isDecoration(code) || isFillerPunctuation(code);

const isFillerPunctuation = oneOf(':~≈([{\u3001\u3010');

/** A word, with `l'` joined to it. Longer ones are not fillers. */
const WORD = lazily(() => /(?:l['\u2019])?[\p{L}\p{M}]{1,15}(?![\p{L}\p{M}\p{N}_'\u2019])/uy);

/** ", of course,", and a word like it between commas. */
const ASIDE =
  /,\s*(?:of course|naturally|clearly|obviously|then|therefore|thus|hence|in fact|indeed|as expected|again|however|simply|finally|natürlich|also|somit|bien sûr|donc|évidemment|claro|por supuesto|por tanto|naturalmente|portanto|ovviamente|quindi|конечно|следовательно)\s*,\s*/iuy;

/** A bullet, the marks of a quoted line, and a fence with its language. */
const LINE_OPENING = /(?:[-*\u2022>] +|```\w*[\r\n])+/y;

/** Skips what may be between "the answer is" and the value: blanks, emphasis, brackets, bullets, "approximately". */
export function skipFiller(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isNewline(code)) at = endOfMatch(LINE_OPENING, text, skipSpaces(text, at));
    else if (isFillerMark(code)) at++;
    else if (code === BACKSLASH && opensMath(text.charCodeAt(at + 1))) at += 2;
    else if (code === DOLLAR && opensDisplay(text, at)) at += 2;
    else {
      const end = code === COMMA ? endOfMatch(ASIDE, text, at) : fillerEnd(text, at);
      if (end === at) break;
      at = end;
    }
  }
  return at;
}

/** "Probably not" says more than "not". */
const NOT = /[\s*_]*not(?![a-z])/iy;

/** "As follows:", "below:", and white space, bullets and colons. */
const TEXT_OPENING =
  /(?:[*_]{1,3}(?=\s)|[\s:]+(?:[-*\u2022>] +)?(?:(?:as follows|below|the following):)?)+/iy;

/** Skips what cannot belong to a value that is a text. */
export const skipMarks = (text: string, start: number): number => endOfMatch(TEXT_OPENING, text, start);

/** Returns the end of the filler word at `at`; else `at`. */
function fillerEnd(text: string, at: number): number {
  const end = isWordCharacter(text.charCodeAt(at)) ? endOfMatch(WORD(), text, at) : at;
  const isFiller = FILLERS.has(text.slice(at, end).toLowerCase()) && text.charCodeAt(end) !== HYPHEN;
  if (isFiller && endOfMatch(NOT, text, end) > end) return at;
  return isFiller ? end : endOfMatch(JOINED_FILLERS, text, at);
}

/** Whether `$$` is at `at`, which opens a formula on the next line. */
const opensDisplay = (text: string, at: number): boolean =>
  text.charCodeAt(at + 1) === DOLLAR && isNewline(text.charCodeAt(skip(text, isBlankSpace, at + 2)));

const isBlankSpace: CharacterTest = (code) => code === SPACE;
