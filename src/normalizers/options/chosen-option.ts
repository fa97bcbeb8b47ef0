import { lazily } from '../../domain/lazily.ts';
import { abstain } from '../../domain/normalizer.ts';
import { isOpen } from '../marks/announcement-denial.ts';
import { stanceOfMention } from '../marks/announcement-stance.ts';
import type { Reading } from '../marks/answer-reader.ts';
import { clausesOf } from '../reading/clauses.ts';
import { patternOf } from '../reading/correction-words.ts';
import { breaksOff, concludes, isCorrection } from '../reading/discourse.ts';
import { CHECKS, CROSSES, conditions, modals } from '../reading/negation.ts';
import { isJudgedWrong } from './option-denial.ts';
import { isApproved } from './option-label.ts';
import type { Mention, MentionFinder } from './option-mentions.ts';
import { isAlone, isAsListed, isDecoration, isEnumeration, isHeading, opensText } from './option-opening.ts';

/** A text of more characters is read by how it opens and by its last line. */
const SHORT = 240;

/** How much of a long text is looked at from either end. */
const END = 600;

/** Returns the option that a text chooses, if it opens with it, ends with it, or is short and names no other. */
export function chosenOption<Option extends string>(
  text: string,
  find: MentionFinder<Option>,
): Reading<Option> {
  if (isBareList(text)) return several();
  const head = text.length <= SHORT ? text : text.slice(0, END);
  const mentions = find(head);
  const isList = isEnumeration(head, mentions);
  if (head === text && !isList) return settled(text, mentions);
  const line = lastLine(text);
  const named = find(line);
  const judged = isList ? judgedRight(head, mentions) : undefined;
  if (judged !== undefined) return judged;
  if (isList) return isHeading(`\n${line}`, named[0], 1) ? undefined : conclusion(line, named);
  // "(a)" opens the first of several parts.
  if (!opensText(head, mentions) || !isAsListed(head, mentions[0])) return conclusion(line, named);
  const opened = settled(head, mentions);
  return isAlone(line, named) && named[0]?.option !== opened ? several() : opened;
}

/** Returns the option that a list calls right, if it calls all others wrong: "A: ❌⏎B: ✅". */
function judgedRight<Option extends string>(
  text: string,
  mentions: readonly Mention<Option>[],
): Option | undefined {
  const verdicts = mentions.map(({ option, end }) => {
    const { right, wrong } = VERDICT.exec(text.slice(end, end + LONGEST_VERDICT))?.groups ?? {};
    return { option, isRight: right !== undefined, isJudged: (right ?? wrong) !== undefined };
  });
  const right = verdicts.filter(({ isRight }) => isRight);
  const isSettled = verdicts.length > 1 && right.length === 1 && verdicts.every(({ isJudged }) => isJudged);
  return isSettled ? right[0]?.option : undefined;
}

const LONGEST_VERDICT = 40;

/** What a list says of its option, and nothing more before the end of the clause. */
const VERDICT = new RegExp(
  `^[)\\]*_"'.: \\t-]*(?:is |ist |est |es |è |é )?[*_]*(?:(?<right>correct|right|true|yes|richtig|wahr|vrai|correcte|correct[ao]|verdader[ao]|vero|верно|正确|正確|正しい|맞음|[${CHECKS}]\ufe0f?)|(?<wrong>incorrect|wrong|false|no|not correct|falsch|faux|fausse|incorrect[ao]|fals[ao]|неверно|错误|錯誤|错|틀림|[${CROSSES}]\ufe0f?))[*_]*\\s*(?:$|[\\n.,;:(\u2013\u2014-])`,
  'iu',
);

/** Whether a text is a list of items of one word or letter, and nothing else: "- A\n- B", "1. A 2. B". */
const isBareList = (text: string): boolean => text.length <= SHORT && BARE_LIST().test(text);

const BARE_LIST = lazily(
  () =>
    /^\s*(?:[-*\u2022]|1[.)])[^\S\n]+[\p{L}\p{N}]+[.)]?(?:\s+[-*\u2022]\s+[\p{L}\p{N}]+[.)]?|[\s,;]+\d{1,2}[.)]\s+[\p{L}\p{N}]+[.)]?)+\s*$/u,
);

const several = () => abstain('it names several options');

/** Goes through the sentences and keeps the option that is chosen at the end. */
function settled<Option extends string>(text: string, mentions: readonly Mention<Option>[]): Reading<Option> {
  const opening = opensText(text, mentions) ? mentions[0] : undefined;
  let chosen: Option | undefined;
  let isContested = false;
  let isReopened = false;
  for (const { start, end, isQuestion } of sentencesOf(text)) {
    const within = mentions.filter(({ at }) => at >= start && at < end && !isLeftOpen(text, start, at, end));
    const clauses = clausesOf(text.slice(start, end));
    isReopened ||= clauses.some(isCorrection) || isContradiction(text, start, within[0]);
    if (isQuestion || CONDITION().test(text.slice(start, end))) continue;
    const isReason = opening !== undefined && opening.at < start && !isReopened && !clauses.some(concludes);
    const named = within.filter(
      (mention) => !mention.isDenied && (!isReason || isRival(text, mention, start, end)),
    );
    const isOpening = opening !== undefined && within[0] === opening && within[1]?.isListed !== true;
    const options = distinct(
      isOpening
        ? [opening, ...named.slice(1).filter((mention) => isAdded(text, opening.end, mention))]
        : named,
    );
    if (within.some(({ option, end: at }) => option === chosen && isJudgedWrong(text, at)))
      isContested = true;
    if (options.length === 0) continue;
    if (options.length === 1 && (chosen === undefined || isReopened)) {
      [chosen] = options;
      isContested = false;
    } else if (options.length > 1 || options[0] !== chosen) isContested = true;
    isReopened = false;
  }
  if (isReopened && chosen !== undefined && breaksOff(clausesOf(text.slice(-SHORT))))
    return abstain('the text breaks off while it corrects itself');
  return isContested ? several() : chosen;
}

const distinct = <Option extends string>(mentions: readonly Mention<Option>[]): readonly Option[] => [
  ...new Set(mentions.map(({ option }) => option)),
];

/** Whether a sentence gives the option at `at` to others, doubts it, or makes it depend on a condition. */
function isLeftOpen(text: string, start: number, at: number, end: number): boolean {
  const before = text.slice(start, at);
  if (stanceOfMention(before) === 'attributed' || isOpen(text, at, end)) return true;
  if (/\bdepend(?:s|ing)?\b/i.test(before)) return true;
  const clauses = before.replace(BUT, ',');
  if (/[,;:]\s*$/.test(clauses)) return false;
  return (
    clausesOf(clauses)
      .at(-1)
      ?.words.some((word) => modals().has(word)) ?? false
  );
}

const BUT = /(?<!\p{L})(?:but|so|aber|also|mais|donc|pero|mas|ma|но)(?!\p{L})/giu;

/** Whether a sentence opens with the "no" of "A? No, B". */
const isContradiction = (text: string, start: number, first?: Mention<string>): boolean =>
  first !== undefined && /^[^\p{L}]*no,[^\p{L}]*$/iu.test(text.slice(start, first.at));

/** A sentence that supposes something; not "if I had to choose". */
const CONDITION = lazily(
  () =>
    new RegExp(
      `^[^\\p{L}]*(?:(?:(?:please|kindly|(?:could|can) you)|(?!if (?:i|we|forced|pressed)\\b)(?:${patternOf(conditions())})|suppose|assume|si|se)(?!\\p{L})|(?:were|had) (?:it|this|that|they)\\b|(?:for (?:it|this|that) )?to (?:be|count as|qualify as)\\b)|\\bwould\\b.*\\b(?:if|had|were) (?:it|this|that|they|there|the|he|she|one|you)\\b`,
      'iu',
    ),
);

/** Whether a sentence that opens with an option adds this one: "and so is C", "but C is right". */
const isAdded = (text: string, opening: number, { at, end }: Mention<string>): boolean =>
  isApproved(text, end) ||
  !REASON.test(text.slice(opening, at)) ||
  /(?:also|so (?:is|does|are)|as well as|along with|plus)\s*\W*$/i.test(text.slice(Math.max(0, at - 20), at));

/** What opens a reason, or a part of a sentence that is on another matter. */
const REASON =
  /(?:because|since|as|for|due|while|whereas|although|though|despite|but|weil|denn|da|car|parce|porque|perché|потому|因为)(?!\p{L})/iu;

/** Whether the reasons of an answer choose another option: all that a sentence says, called right, or right as well. */
const isRival = (text: string, { at, end }: Mention<string>, from: number, to: number): boolean =>
  isApproved(text, end) ||
  /^\W*(?:as well|too|also|likewise)(?!\p{L})/iu.test(text.slice(end, to)) ||
  /^\W*also\W*$/i.test(text.slice(from, at)) ||
  (isDecoration().test(text.slice(from, at)) && isDecoration().test(text.slice(end, to)));

/** Returns the option that the last line of a long text chooses: one alone, or the one letter that it names. */
function conclusion<Option extends string>(
  line: string,
  mentions: readonly Mention<Option>[],
): Option | undefined {
  const named = distinct(mentions.filter(({ isDenied }) => !isDenied));
  const [only] = named;
  if (only === undefined || named.length > 1) return undefined;
  const isLetter = only.length === 1 && mentions.some(({ at }) => line.startsWith(only, at));
  return isLetter || isAlone(line, mentions) ? only : undefined;
}

function lastLine(text: string): string {
  const end = text.slice(-END).trimEnd();
  return end.slice(Math.max(end.lastIndexOf('\n'), end.lastIndexOf('\r')) + 1);
}

interface Sentence {
  readonly start: number;
  readonly end: number;
  readonly isQuestion: boolean;
}

/** The end of a sentence, and what is before a correction within one: "A, no wait, B". */
const SENTENCE_END =
  /[.!?\u3002](?=["'\u201d)\]*_]*(?:\s|$))|[\u3002\r\n;]|[,(\u2013\u2014\u2026-]\s*(?=(?:no,? wait|wait|sorry|actually|correction|i mean|or rather|oops|hmm)(?!\p{L}))|[\u2013\u2014\u2026]\s*(?=no,)/giu;

function sentencesOf(text: string): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  for (const { index, 0: mark } of text.matchAll(SENTENCE_END)) {
    sentences.push({ start, end: index + 1, isQuestion: mark === '?' });
    start = index + 1;
  }
  return [...sentences, { start, end: text.length, isQuestion: false }];
}
