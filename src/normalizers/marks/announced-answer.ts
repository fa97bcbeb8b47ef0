import { answerKey } from '../../domain/answer-key.ts';
import { type Abstention, abstain, abstentionReason } from '../../domain/normalizer.ts';
import { lineEnd } from '../reading/characters.ts';
import { Rank, stanceAt } from './announcement-context.ts';
import { isOpen } from './announcement-denial.ts';
import { opensLine, type PhraseMark } from './announcements.ts';
import type { AnswerMarks } from './answer-marks.ts';
import { partOfAnswer } from './answer-parts.ts';
import type { AnswerReader, Reading } from './answer-reader.ts';
import { confirms, cuesBetween, judgedWrong, valueAfter } from './corrections.ts';
import { isEmptyValue, isNoAnswer } from './empty-announcement.ts';
import { sumsUp } from './run-on.ts';

/** A reading of an announcement, and where it stands. */
export interface Announced<Answer> {
  readonly reading: Answer | Abstention;
  readonly at: number;
}

interface Found<Answer> extends Announced<Answer> {
  readonly rank: Rank;
  readonly start: number;
  readonly end: number;
  /** Which of the announcements it is. */
  readonly index: number;
}

/**
 * Reads the announcement of a text that counts: the last one that says anything, but "final answer" before "the answer
 * is", and that before "the result is", unless the text corrects itself in between. Looks at those after `from` only.
 */
export function announcedAnswer<Answer>(
  text: string,
  marks: AnswerMarks,
  reader: AnswerReader<Answer>,
  from = marks.from,
): Announced<Answer> | undefined {
  const { to, lastNoun } = marks;
  if (reader.phrase === undefined || lastNoun <= from) return undefined;
  const phrases = marks.phrases();
  let found: Found<Answer> | undefined;
  let why: string | undefined;
  let isEmpty = false;
  for (let index = phrases.length - 1; index >= 0; index--) {
    const phrase = phrases[index];
    if (phrase === undefined || phrase.word < from) break;
    if (reader.readsProse && !(reader.readsAnyProse || announcesText(text, phrase))) continue;
    if (found !== undefined && !mayCount(text, phrases, index, found, reader)) continue;
    const start = reader.readsProse ? phrase.textStart : phrase.start;
    const end = phraseEnd(text, start, phrases[index + 1]?.word ?? to, to, reader);
    if (isEmptyValue(text.slice(start, Math.min(end, start + LONGEST_EMPTY)))) {
      isEmpty ||= phrase.rank >= Rank.answer;
      continue;
    }
    const unread =
      phrase.why ??
      stanceAt(text, phrase.word) ??
      (!reader.readsProse && isOpen(text, start, end) ? 'open' : undefined);
    const reading = unread === undefined ? readPhrase(text, phrase.rank, start, end, reader) : undefined;
    if (reading === undefined) {
      if (phrase.rank >= Rank.answer) why ??= whyUnread(unread, reader.sought);
    } else if (found === undefined || cuesBetween(text, end, found.at).length === 0)
      found = { reading, at: phrase.word, rank: phrase.rank, start, end, index };
  }
  if (found !== undefined) {
    const reading = answersSeveralParts(text, phrases, found, to, reader)
      ? abstain(SEVERAL_PARTS)
      : corrected(text, found, to, found.reading, reader);
    return { reading, at: found.at };
  }
  if (reader.readsProse)
    return isEmpty ? { reading: reader.empty?.() ?? abstain(SAYS_NOTHING), at: to } : undefined;
  why ??= isEmpty ? SAYS_NOTHING : undefined;
  return why === undefined ? undefined : { reading: abstain(why), at: to };
}

/** Whether an earlier announcement answers another part of the question: "(a) The answer is 3. (b) The answer is 5." */
function answersSeveralParts<Answer>(
  text: string,
  phrases: readonly PhraseMark[],
  found: Found<Answer>,
  to: number,
  reader: AnswerReader<Answer>,
): boolean {
  if (reader.readsProse || found.index === 0) return false;
  const part = partOf(text, phrases[found.index]);
  if (part === undefined) return false;
  return phrases.slice(0, found.index).some((phrase, index) => {
    const other = partOf(text, phrase);
    if (other === undefined || other === part || (phrase.rank !== found.rank && part !== 'second'))
      return false;
    const end = phraseEnd(text, phrase.start, phrases[index + 1]?.word ?? to, to, reader);
    return isOtherAnswer(readPhrase(text, phrase.rank, phrase.start, end, reader), found.reading);
  });
}

const partOf = (text: string, phrase: PhraseMark | undefined): string | undefined =>
  phrase && partOfAnswer(text, phrase.word, phrase.start, text.length);

/** Whether a reading is an answer, but not this one. */
export const isOtherAnswer = <Answer>(one: Reading<Answer>, other: Reading<Answer>): boolean =>
  isAnswer(one) && isAnswer(other) && keyOf(one) !== keyOf(other);

const isAnswer = (reading: unknown): boolean =>
  reading !== undefined && abstentionReason(reading) === undefined;

/** Returns the key of an answer; `undefined` for one that cannot be a vote, which the engine says. */
function keyOf(answer: unknown): string | undefined {
  try {
    return answerKey(answer);
  } catch {
    return undefined;
  }
}

export const SEVERAL_PARTS = 'the text answers several parts of the question';

/** Fewer characters are no reasons. */
const SHORTEST_REASONS = 40;

/**
 * Whether an announcement counts although another one follows: a label that concludes reasons, if the other one stands
 * right behind it without any, or after words that sum up several questions.
 */
function mayCount<Answer>(
  text: string,
  phrases: readonly PhraseMark[],
  index: number,
  found: Found<Answer>,
  { isLabel = false }: AnswerReader<Answer>,
): boolean {
  const { rank, word, start } = phrases[index] as PhraseMark;
  if (rank !== found.rank || !isLabel) return rank > found.rank;
  const before = phrases[index - 1];
  const reasons = word - (before === undefined ? 0 : lineEnd(text, before.start, word));
  const concludes = reasons >= SHORTEST_REASONS && isBare(text, lineEnd(text, start, found.at), found.at);
  return concludes || sumsUp(text, start, found.at);
}

/** Whether nothing but the words of an announcement stands between two of them, on lines of their own. */
const isBare = (text: string, end: number, next: number): boolean =>
  next > end && next - end < SHORTEST_REASONS && !/[.!?\d=]/.test(text.slice(end, next));

const SAYS_NOTHING = 'the text announces an answer without content';

/** A longer value says something. */
const LONGEST_EMPTY = 100;

const whyUnread = (why: keyof typeof REASONS | undefined, sought: string): string =>
  why === undefined ? `the text announces an answer that is not ${sought}` : REASONS[why];

const REASONS = {
  open: 'the text announces an answer only under a condition',
  denied: 'the text denies the answer that it announces',
  attributed: 'the text announces an answer of others',
  missing: 'the text says that it has no answer',
} as const;

/** Returns the end of what an announcement announces: of its line, but before the next one and before "wait". */
function phraseEnd(
  text: string,
  start: number,
  next: number,
  to: number,
  { readsProse }: AnswerReader<unknown>,
): number {
  const end = lineEnd(text, start, Math.max(start, Math.min(next, to)));
  const cue = cuesBetween(text, start, end).find(
    ({ at, replaces, takesBack, isBrief }) =>
      (replaces || takesBack) && at > start && !(isBrief && readsProse),
  );
  return cue?.at ?? end;
}

/**
 * Whether an announcement announces a text: it opens its line, because within a sentence it is prose, and says more than
 * `answer = …`, which may be a program.
 */
const announcesText = (text: string, { word, textStart, rank }: PhraseMark): boolean => {
  const announcement = text.slice(word, textStart);
  return (
    !announcement.includes('=') && (rank > Rank.result || announcement.includes(':')) && opensLine(text, word)
  );
};

/** The maximum number of words of a line that announces the result of a step, perhaps. */
const MOST_WORDS_OF_RESULT = 8;

function readPhrase<Answer>(
  text: string,
  rank: Rank,
  start: number,
  end: number,
  reader: AnswerReader<Answer>,
): Reading<Answer> {
  if (start >= end) return undefined;
  if (rank === Rank.result) {
    const sentence = /^[^;!?\u3002]*?(?=\.\s|[;!?\u3002]|$)/.exec(text.slice(start, end))?.[0] ?? '';
    if (sentence.split(/\s+/, MOST_WORDS_OF_RESULT + 1).length > MOST_WORDS_OF_RESULT) return undefined;
  }
  const reading = reader.phrase?.(text, start, end);
  const saysNone = reading === undefined && !reader.readsProse && isNoAnswer(text.slice(start, end));
  return saysNone ? abstain('the text says that there is no answer') : reading;
}

/**
 * Returns what an answer that begins at `start` and ends at `end` comes to after all that the text says later: the value
 * that replaces it ("wait, actually 13"), or an abstention if the text takes it back.
 */
export function corrected<Answer>(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  to: number,
  reading: Answer | Abstention,
  reader: AnswerReader<Answer>,
): Answer | Abstention {
  const cues = cuesBetween(text, end, to).filter(({ isBrief }) => !(isBrief && reader.readsProse));
  for (const cue of cues
    .toReversed()
    .filter(({ replaces }) => replaces)
    .slice(0, MOST_CUES)) {
    const value = valueAfter(text, cue, to, reader.readsProse ? 4 : 2);
    const replacement = value === undefined ? undefined : reader.field(value, value);
    if (replacement !== undefined && abstentionReason(replacement) === undefined) return replacement;
  }
  // "No. That is wrong." says no twice.
  const judged = typeof reading === 'boolean' ? start : judgedWrong(text, start);
  const back = judged > start ? judged : cues.find(({ takesBack }) => takesBack)?.end;
  if (back === undefined || confirms(text.slice(back, to))) return reading;
  return abstain('the text withdraws its answer and announces no other');
}

const MOST_CUES = 20;
