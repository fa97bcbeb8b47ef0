import { type Abstention, abstain } from '../domain/normalizer.ts';
import type { AnswerMarks } from './marks/answer-marks.ts';
import type { Reading } from './marks/answer-reader.ts';
import { normalizerWith } from './normalizer-readers.ts';
import { readAnnounced, readWhole } from './numbers/number-answer.ts';
import { withoutExclamations } from './numbers/number-asides.ts';
import type { NumberReading } from './numbers/number-calculation.ts';
import { isListItem } from './numbers/number-label.ts';
import { announcesBase } from './numbers/number-prose.ts';
import { hasSpelledNumber } from './numbers/number-spelled.ts';
import { LONGEST_QUANTITY } from './numbers/number-tokens.ts';
import { readUnmarked } from './numbers/number-unmarked.ts';
import { isNewline, isNumeral, isSpace, oneOf, skipBack } from './reading/characters.ts';

/**
 * Yields the number that is the answer of a text: a marked one (`<answer>`, `{"answer": …}`, `\boxed{…}`,
 * `#### …`, "the answer is …"), else that of a short text. Reads signs, currencies, separators, decimals, exponents,
 * fractions, mixed numbers, units and "million"; `40%` is 40, and -0 is 0.
 *
 * Abstains if there is no number, and if the answer is not one quantity: an expression, a range, a bound, a list, a
 * date, or more than one unit. A part is never read as the whole.
 *
 * @example
 * ```ts
 * import { numeric } from 'crucible-ensemble';
 *
 * numeric('5 pens at $247 each: the answer is $1,235.00.'); // 1235
 * ```
 */
export const numeric: (text: string) => number | Abstention = normalizerWith(() => reader);

const reader = {
  sought: 'a number',
  field: (content: string) =>
    plainNumber(content, 0, content.length) ?? answerOf(readWhole(content), 'the marked answer'),
  phrase: readPhrase,
  unmarked: (text: string, { from, to, phrases }: AnswerMarks) =>
    plainNumber(text, from, to) ??
    (phrases().length > 0
      ? abstain('the announced answer is not a number')
      : answerOf(readUnmarked(text.slice(from, to)), 'the text')),
} as const;

function readPhrase(text: string, start: number, end: number): Reading<number> {
  // A bracket before the value tells a pair from a number.
  const from = isOpener(text.charCodeAt(start - 1)) && text.charAt(start - 2) !== '\\' ? start - 1 : start;
  const line = text.slice(from, Math.min(end, start + LONGEST_QUANTITY + 1));
  if (!hasNumeral(text, start, end) && !hasSpelledNumber(line)) return undefined;
  if (announcesBase.test(text.slice(Math.max(0, start - 80), start)))
    return abstain('the announced answer is not a decimal number');
  if (end < text.length && opensList(text, start, end)) return abstain('the announced answer is a list');
  const plain =
    from === start ? plainNumber(text, start, text.charAt(end - 1) === '.' ? end - 1 : end) : undefined;
  if (plain !== undefined) return plain;
  const isLine = opensLine(text, start);
  const item = isLine ? (FIRST_ITEM.exec(line)?.[0].length ?? 0) : 0;
  const before = text.slice(Math.max(0, start - REACH), start);
  const content = withoutExclamations(line.slice(item), before);
  return answerOf(readAnnounced(content, isLine), 'the announced answer');
}

/** Whether what is announced continues on the next line. */
const opensList = (text: string, start: number, end: number): boolean =>
  isListItem(text, start, end) ||
  (opensItem.test(text.slice(Math.max(0, start - 20), start)) &&
    NEXT_ITEM.test(text.slice(start, end + REACH_OF_ITEM)));

/** The number of the only item of a list: "1. 7". */
const FIRST_ITEM = /^1[.)]\s+(?=\S)/;

/** A line that is a number, and another one right after it: "42⏎43", also with bullets. */
const NEXT_ITEM = /^[-$]?[\d.,]+[^\S\n]*\n[^\S\n]*(?:[-*\u2022][^\S\n]+)?[-$]?\d[\d.,]*[^\S\n]*(?:\n|$)/;

const opensItem = /\n[^\S\n]*(?:[-*\u2022][^\S\n]+)?$/;

const REACH_OF_ITEM = 40;

const isOpener = oneOf('([');

/** How far before an announcement its matter is looked for. */
const REACH = 2_000;

function answerOf(reading: NumberReading, place: string): Reading<number> {
  if (reading === undefined) return undefined;
  return 'value' in reading ? reading.value : abstain(`${place} is not one number: ${reading.why}`);
}

/** Nothing but a sign and digits, as doubles hold them exactly, or a number or an amount as English writes it. */
const PLAIN = /^-?(?:\d{1,15}|\$?(?:\d|[1-9]\d{1,8}|[1-9]\d{0,2}(?:,\d{3}){1,3})(?:\.\d{1,6})?)$/;

const LONGEST_PLAIN = 20;

/** Returns the number between two positions if it is plain, as in most answers. */
function plainNumber(text: string, from: number, to: number): number | undefined {
  const written = to - from > LONGEST_PLAIN ? '' : text.slice(from, to);
  if (!PLAIN.test(written)) return undefined;
  const number = Number(written);
  return (Number.isNaN(number) ? Number(written.replace(SEPARATORS, '')) : number) || 0;
}

const SEPARATORS = /[$,]/g;

function hasNumeral(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++)
    if (isNumeral(text.charCodeAt(at)) || isHighSurrogate(text.charCodeAt(at))) return true;
  return false;
}

/** Mathematical digits are pairs of surrogates. */
const isHighSurrogate = (code: number): boolean => code === 0xd835;

/** Whether only emphasis is between a position and the line break before it. */
const opensLine = (text: string, at: number): boolean => {
  const before = skipBack(text, isSpace, at);
  return (
    before + 1 < at &&
    /[\n\r]/.test(text.slice(Math.max(before, at - 20), at)) &&
    !isNewline(text.charCodeAt(at))
  );
};
