import { type Abstention, abstain } from '../domain/normalizer.ts';
import type { AnswerMarks } from './answer-marks.ts';
import { isAsciiLetter, isNewline, isSpace, isWordCharacter, skipSpaces, standsAt } from './characters.ts';
import { finalAnswer } from './final-answer.ts';

/**
 * Yields `true` for yes and true, `false` for no and false. A delimited answer wins (`<answer>`,
 * `{"answer": …}`, `\boxed{…}`, `#### …`); else the verdicts: a yes or no in brackets or emphasis, after "the
 * answer is", or standing as a sentence of its own ("No. …", "Yes, because …"); else every yes and no in the
 * text, except the "no" of "no remainder". Abstains when they disagree, and on "maybe".
 *
 * @example
 * ```ts
 * boolean('It has no divisor but itself. [Yes]'); // true
 * ```
 */
export const boolean = (text: string): boolean | Abstention => finalAnswer(text, reader);

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

const words = [
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
] as const;

/** The verdict that all verdicts agree on; where there is none, the yes or no that all words agree on. */
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
  for (let at = from; at < to; at++) {
    const letter = text.charCodeAt(at) | 32;
    if (letter !== 121 && letter !== 110 && letter !== 116 && letter !== 102) continue;
    if (at > 0 && isWordCharacter(text.charCodeAt(at - 1))) continue;
    const word = words.find(([spelling]) => standsAt(text, at, spelling));
    if (word === undefined) continue;
    const end = at + word[0].length;
    if (end > to || isWordCharacter(text.charCodeAt(end))) continue;
    const side = word[1] ? 1 : 2;
    while ((announced[next] ?? at) < at) next++;
    if (text.charCodeAt(at - 1) === 91 && text.charCodeAt(end) === 93) {
      if (at - 1 === opening) return word[1];
      bracketed |= side;
    } else if (announced[next] === at ? !alternative(text, end) : isVerdict(text, at, end, from, to))
      verdicts |= side;
    else if (hedged(text, at)) mentions |= 3;
    else if (word[0] !== 'no' || !isDeterminer(text, at, end)) mentions |= side;
    at = end - 1;
  }
  const sides = bracketed || verdicts || mentions;
  if (sides === 3) return abstain('it says both yes and no');
  return sides === 0 ? undefined : sides === 1;
}

/** In brackets or emphasis, or between the start and the end of a sentence or clause. */
function isVerdict(text: string, at: number, end: number, from: number, to: number): boolean {
  let before = at - 1;
  let after = end;
  if (before >= from && wraps(text.charCodeAt(before)) && after < to && wraps(text.charCodeAt(after)))
    return true;
  while (before >= from && (text.charCodeAt(before) === 32 || text.charCodeAt(before) === 9)) before--;
  if (before >= from && !isNewline(text.charCodeAt(before)) && !endsClause(text.charCodeAt(before)))
    return false;
  while (after < to && text.charCodeAt(after) === 32) after++;
  if (after >= to) return true;
  const code = text.charCodeAt(after);
  return (
    code !== 63 &&
    (isNewline(code) ||
      endsClause(code) ||
      code === 60 ||
      (code === 45 && isSpace(text.charCodeAt(after - 1))))
  );
}

/** Brackets, `*`, `_`, a backtick, or a double quote. */
const wraps = (code: number): boolean =>
  code === 91 ||
  code === 93 ||
  code === 40 ||
  code === 41 ||
  code === 123 ||
  code === 125 ||
  code === 42 ||
  code === 95 ||
  code === 96 ||
  code === 34 ||
  code === 0x201c ||
  code === 0x201d;

/** `. ! ? : ; ,` or a long dash. */
const endsClause = (code: number): boolean =>
  code === 46 ||
  code === 33 ||
  code === 63 ||
  code === 58 ||
  code === 59 ||
  code === 44 ||
  code === 0x2013 ||
  code === 0x2014;

/** "yes or no", "yes/no". */
function alternative(text: string, end: number): boolean {
  const at = skipSpaces(text, end);
  return text.charCodeAt(at) === 47 || standsAt(text, at, 'or ') || standsAt(text, at, 'and ');
}

const hedges = ['not ', 'maybe ', 'maybe, ', 'perhaps ', 'perhaps, '] as const;

const hedged = (text: string, at: number): boolean =>
  hedges.some((word) => standsAt(text, at - word.length, word));

/** The "no" of "there is no remainder": followed by a word, and not the first of its sentence. */
function isDeterminer(text: string, at: number, end: number): boolean {
  if (text.charCodeAt(end) !== 32 || !isAsciiLetter(text.charCodeAt(end + 1)) || alternative(text, end))
    return false;
  let before = at - 1;
  while (before >= 0 && text.charCodeAt(before) === 32) before--;
  return before >= 0 && !isNewline(text.charCodeAt(before)) && !endsClause(text.charCodeAt(before));
}
