import { abstain } from '../domain/normalizer.ts';
import type { Reading } from './answer-reader.ts';
import { clausesOf } from './clauses.ts';
import { concludes, isCorrection } from './discourse.ts';
import { isJudgedWrong } from './option-denial.ts';
import { isApproved } from './option-label.ts';
import type { Mention, MentionFinder } from './option-mentions.ts';

/** A text of more characters is read by how it opens and by its last line. */
const SHORT = 240;

/** How much of a long text is looked at from either end. */
const END = 600;

/** Returns the option that a text chooses, if it opens with it, ends with it, or is short and names no other. */
export function chosenOption<Option extends string>(
  text: string,
  find: MentionFinder<Option>,
): Reading<Option> {
  const head = text.length <= SHORT ? text : text.slice(0, END);
  const mentions = find(head);
  const isList = isEnumeration(head, mentions);
  if (head === text && !isList) return settled(text, mentions);
  const line = lastLine(text);
  const named = find(line);
  if (isList) return isHeading(`\n${line}`, named[0], 1) ? undefined : conclusion(line, named);
  // "(a)" opens the first of several parts.
  if (!opensText(head, mentions) || !isAsListed(head, mentions[0])) return conclusion(line, named);
  const opened = settled(head, mentions);
  return isAlone(line, named) && named[0]?.option !== opened ? several() : opened;
}

const several = () => abstain('it names several options');

/** Goes through the sentences and keeps the option that is chosen at the end. */
function settled<Option extends string>(text: string, mentions: readonly Mention<Option>[]): Reading<Option> {
  const opening = opensText(text, mentions) ? mentions[0] : undefined;
  let chosen: Option | undefined;
  let isContested = false;
  let isReopened = false;
  for (const { start, end, isQuestion } of sentencesOf(text)) {
    const within = mentions.filter(({ at }) => at >= start && at < end);
    const clauses = clausesOf(text.slice(start, end));
    isReopened ||= clauses.some(isCorrection) || isContradiction(text, start, within[0]);
    if (isQuestion || CONDITION.test(text.slice(start, end))) continue;
    const isReason = opening !== undefined && opening.at < start && !isReopened && !clauses.some(concludes);
    const named = within.filter(
      (mention) => !mention.isDenied && (!isReason || isRival(text, mention, start, end)),
    );
    const isOpening = opening !== undefined && within[0] === opening && within[1]?.isListed !== true;
    const options = distinct(
      isOpening ? [opening, ...named.filter((mention) => isAdded(text, mention))] : named,
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
  return isContested ? several() : chosen;
}

const distinct = <Option extends string>(mentions: readonly Mention<Option>[]): readonly Option[] => [
  ...new Set(mentions.map(({ option }) => option)),
];

/** Whether a sentence opens with the "no" of "A? No, B". */
const isContradiction = (text: string, start: number, first?: Mention<string>): boolean =>
  first !== undefined && /^[^\p{L}]*no,\s*[^\p{L}]*$/iu.test(text.slice(start, first.at));

/** A sentence that supposes something; not "if I had to choose". */
const CONDITION =
  /^[^\p{L}]*(?:if(?! (?:i|we|forced|pressed)\b)|unless|suppose|assume|assuming|when|wenn|si|se|если)(?!\p{L})/iu;

/** Whether a sentence that opens with an option adds this one: "and so is C", "but C is right". */
const isAdded = (text: string, { at, end }: Mention<string>): boolean =>
  isApproved(text, end) ||
  /(?:also|so (?:is|does|are)|as well as|along with|plus)\s*\W*$/i.test(text.slice(Math.max(0, at - 20), at));

/** Whether the reasons of an answer choose another option: one that is all that a sentence says, or called right. */
const isRival = (text: string, { at, end }: Mention<string>, from: number, to: number): boolean =>
  isApproved(text, end) ||
  (isDecoration.test(text.slice(from, at)) && isDecoration.test(text.slice(end, to)));

const isDecoration = /^[\s\p{P}\p{S}]*$/u;

/** Whether a text opens with an option that is its answer, not the first of the options that it goes through. */
function opensText<Option extends string>(text: string, mentions: readonly Mention<Option>[]): boolean {
  const [first] = mentions;
  if (first === undefined || first.isDenied) return false;
  if (!OPENER.test(text.slice(0, first.at))) return false;
  const after = text.slice(first.end, first.end + 60);
  return OPENED.test(after) || isApproved(text, first.end);
}

const isAsListed = (text: string, mention?: Mention<string>): boolean =>
  mention !== undefined && (mention.option.length > 1 || text.startsWith(mention.option, mention.at));

/** What may come before an option that opens a text. */
const OPENER =
  /^[\s\p{P}\p{S}]*(?:(?:so|therefore|thus|definitely|probably|clearly|obviously|most likely|likely|the|my|i|i'd|it's|it is|that's|would|think|say|guess|choose|pick|vote|go with|going with|for|option|choice|answer|letter|label|class|category|sentiment|verdict|prediction|final|correct|best|right|is)[\s\p{P}\p{S}]+)*$/iu;

/** What follows an option that opens a text: the end of a clause or a reason. */
const OPENED =
  /^[)\]}*_"'\u201d\u2019\u00bb`$]*(?:$|[\r\n.,:;!)(\u2013\u2014\u3002\u3001]|\s*[-\u2013\u2014(\r\n]|\s+(?:because|since|as|due|rather|over|instead|not|weil|denn|car|parce|porque|perché|потому|так)(?![\p{L}\p{N}]))/iu;

/** Whether a text goes through the options: each heads its line, or the next letter follows in the same line. */
function isEnumeration(text: string, [first, ...others]: readonly Mention<string>[]): boolean {
  if (first === undefined || !OPENER.test(text.slice(0, first.at))) return false;
  if (!HEADING.test(text.slice(first.end, first.end + 60))) return false;
  const code = text.charCodeAt(first.at);
  const next = INLINE_HEADING.exec(text.slice(first.end + 1));
  if (next !== null && first.option.length === 1 && next[1]?.charCodeAt(0) === code + 1) return true;
  return others.some((other) => other.option !== first.option && isHeading(text, other));
}

const INLINE_HEADING = /[\s,;][*_]*\(?([\p{Lu}\p{Ll}\p{Nd}])[).:]\s/u;

/** What makes an option the heading of what follows on its line. */
const HEADING = /^[)\]*_"]*\s*[.):\u2013\u2014-][*_]*[^\S\r\n]+\S/;

function isHeading(text: string, mention: Mention<string> | undefined, shift = 0): boolean {
  if (mention === undefined) return false;
  const [at, end] = [mention.at + shift, mention.end + shift];
  return (
    /[\r\n][\s>*_#([-]*$/.test(text.slice(Math.max(0, at - 12), at)) &&
    HEADING.test(text.slice(end, end + 12))
  );
}

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

/** Whether a line is nothing but an option. */
function isAlone(line: string, mentions: readonly Mention<string>[]): boolean {
  const [first] = mentions;
  if (first === undefined || mentions.length > 1 || first.isDenied) return false;
  return OPENER.test(line.slice(0, first.at)) && isDecoration.test(line.slice(first.end));
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
