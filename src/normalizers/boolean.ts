import { type Abstention, abstain } from '../domain/normalizer.ts';
import type { AnswerMarks } from './answer-marks.ts';
import {
  HYPHEN,
  LEFT_BRACKET,
  LESS_THAN,
  QUESTION_MARK,
  RIGHT_BRACKET,
  SLASH,
  SPACE,
} from './character-codes.ts';
import {
  type CharacterTest,
  isAsciiLetter,
  isBlank,
  isNewline,
  isSpace,
  isWordCharacter,
  oneOf,
  skip,
  skipBack,
  skipSpaces,
  standsAt,
} from './characters.ts';
import { readAnswer } from './final-answer.ts';

/**
 * Yields `true` for yes and true, `false` for no and false. A delimited answer wins (`<answer>`,
 * `{"answer": …}`, `\boxed{…}`, `#### …`); else the verdicts: a yes or no in brackets or emphasis, after "the
 * answer is", or standing as a sentence of its own ("No. …", "Yes, because …"); else every yes and no in the
 * text, except the "no" of "no remainder". Abstains if they disagree, and on "maybe".
 *
 * @example
 * ```ts
 * boolean('It has no divisor but itself. [Yes]'); // true
 * ```
 */
export const boolean = (text: string): boolean | Abstention => readAnswer(text, reader);

const reader = {
  sought: 'a yes or no',
  field: (content: string) => fromWords(content, 0, content.length, []),
  unmarked: (text: string, { from, to, phrases }: AnswerMarks) =>
    fromWords(
      text,
      from,
      to,
      phrases.map(({ start }) => start),
    ),
};

const WORD = /(yes|true)|(no)|false/gi;

const YES = 1;
const NO = 2;
const BOTH = YES | NO;

/** Returns the verdict if all verdicts agree. Without verdicts, returns the yes or no if all words agree. */
function fromWords(
  text: string,
  from: number,
  to: number,
  announced: readonly number[],
): boolean | Abstention | undefined {
  const opening = skipSpaces(text, from);
  let bracketed = 0;
  let verdicts = 0;
  let mentions = 0;
  let next = 0;
  WORD.lastIndex = from;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    const at = match.index;
    const end = WORD.lastIndex;
    if (end > to) break;
    if (isWordCharacter(text.charCodeAt(at - 1)) || isWordCharacter(text.charCodeAt(end))) continue;
    const side = match[1] === undefined ? NO : YES;
    while ((announced[next] ?? at) < at) next++;
    if (text.charCodeAt(at - 1) === LEFT_BRACKET && text.charCodeAt(end) === RIGHT_BRACKET) {
      if (at - 1 === opening) return side === YES;
      bracketed |= side;
    } else if (announced[next] === at ? !alternative(text, end) : isVerdict(text, at, end, from, to))
      verdicts |= side;
    else if (hedged(text, at)) mentions |= BOTH;
    else if (match[2] === undefined || !isDeterminer(text, at, end)) mentions |= side;
  }
  const sides = bracketed || verdicts || mentions;
  if (sides === BOTH) return abstain('it says both yes and no');
  return sides === 0 ? undefined : sides === YES;
}

/** Whether a word is in brackets or emphasis, or is a sentence or clause of its own. */
function isVerdict(text: string, at: number, end: number, from: number, to: number): boolean {
  if (at > from && wraps(text.charCodeAt(at - 1)) && end < to && wraps(text.charCodeAt(end))) return true;
  const before = skipBack(text, isBlank, at, from);
  if (before >= from && !isNewline(text.charCodeAt(before)) && !endsClause(text.charCodeAt(before)))
    return false;
  const after = skip(text, isPlainSpace, end, to);
  if (after >= to) return true;
  const code = text.charCodeAt(after);
  if (code === QUESTION_MARK) return false;
  return (
    isNewline(code) ||
    endsClause(code) ||
    code === LESS_THAN ||
    (code === HYPHEN && isSpace(text.charCodeAt(after - 1)))
  );
}

const wraps = oneOf('[](){}*_`"\u201c\u201d');

/** Includes the en dash and the em dash. */
const endsClause = oneOf('.!?:;,\u2013\u2014');

const isPlainSpace: CharacterTest = (code) => code === SPACE;

/** Whether "yes" goes on with the other word: "yes or no", "yes/no". */
function alternative(text: string, end: number): boolean {
  const at = skipSpaces(text, end);
  return text.charCodeAt(at) === SLASH || standsAt(text, at, 'or ') || standsAt(text, at, 'and ');
}

const hedges = ['not ', 'maybe ', 'maybe, ', 'perhaps ', 'perhaps, '] as const;

const hedged = (text: string, at: number): boolean =>
  hedges.some((word) => standsAt(text, at - word.length, word));

/** Whether a "no" is that of "there is no remainder": before a word, and not at the start of a sentence. */
function isDeterminer(text: string, at: number, end: number): boolean {
  if (text.charCodeAt(end) !== SPACE || !isAsciiLetter(text.charCodeAt(end + 1)) || alternative(text, end))
    return false;
  const before = skipBack(text, isPlainSpace, at);
  return before >= 0 && !isNewline(text.charCodeAt(before)) && !endsClause(text.charCodeAt(before));
}
