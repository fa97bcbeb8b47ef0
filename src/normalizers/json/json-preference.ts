import { skipSpaces } from '../reading/characters.ts';
import { isOfJson, type JsonPlace } from './json-places.ts';

/** The text denies the value: "not {…}". */
export const DENIED = -1;
/** An example, a schema, a value in a program, or a citation such as `[1]`. */
export const EXAMPLE = 0;
/** Within a sentence. */
export const MENTIONED = 1;
/** On lines of its own. */
export const ALONE = 2;
/** In a fence of JSON, or announced or corrected: "the answer is {…}", "it should be {…}". */
export const MARKED = 3;

/** How likely it is that a value is the answer, by what is around it. */
export function preferenceOf(text: string, place: JsonPlace, previous: JsonPlace | undefined): number {
  const { start, end, fence } = place;
  const before = introduction(text, fence?.at ?? start, previous);
  if (denial.test(before)) return DENIED;
  const cue = lastCue(before);
  if (cue === 'example' || dismissal.test(text.slice(end, end + REACH))) return EXAMPLE;
  if (cue === 'answer') return MARKED;
  if (fence !== undefined) return isOfJson(fence) && isJsonFence(text, place) ? MARKED : EXAMPLE;
  if (isAlone(text, place)) return ALONE;
  return isCitation.test(text.slice(start, Math.min(end, start + REACH))) ? EXAMPLE : MENTIONED;
}

/** Whether nothing but punctuation follows. */
export const isAtEnd = (text: string, place: JsonPlace | undefined): boolean =>
  place !== undefined && text.length - place.end < REACH && closingOnly.test(text.slice(place.end));

/** How far a text is read before and after a value. */
const REACH = 120;

const closingOnly = /^(?:[\s`*_.!?;)"']|<\/?[\w|]+>)*$/;

const denial =
  /\b(?:not|never|instead of|rather than|unlike|(?:can(?:not|['\u2019]t)|unable to|refuse to) (?:\w+ ){0,2}\w+)[\s"'`*:]*$/i;

const dismissal =
  /^[\s"'`*]*(?:is|was|would be|are)\s+(?:not|wrong|incorrect|invalid|optional|(?:only |just )?an? example)\b/i;

const isCitation = /^\[[\d\s,.–-]*\]$/;

/** The words before a value, in its sentence. */
function introduction(text: string, start: number, previous: JsonPlace | undefined): string {
  const from = Math.max(previous === undefined ? 0 : previous.end, start - REACH);
  const line = text.slice(from, start).trimEnd();
  const sentence = line.slice(line.lastIndexOf('\n') + 1);
  const opening = [...sentence.matchAll(sentenceStart)].at(-1);
  return sentence.slice(opening?.index ?? 0);
}

const sentenceStart = /(?<=[.!?]\s+)\p{Lu}/gu;

/** The kinds of words that introduce a value. An adjective goes with its noun: "a previous answer". */
const cues = new RegExp(
  [
    String.raw`(?<example>\b(?:examples?|samples?|previous|initial|old|wrong|incorrect|invalid|draft|first)\b(?:\s+\w+){0,3}`,
    String.raw`\be\.\s?g\b|\bfor instance\b|\bsuch as\b|\binput\b|\btemplate\b|\bplaceholder\b`,
    String.raw`(?<!\b(?:match|fit|follow|accord|conform|in|per|with|using|for|to)\w*\s+(?:\w+\s+){0,3})\bschema\b)`,
    String.raw`(?<answer>\b(?:answer|result|final|finally|correct|corrected|correction|revised|updated|actually|should be|therefore|thus|hence|wait|sorry)\b)`,
  ].join('|'),
  'gi',
);

function lastCue(words: string): 'example' | 'answer' | undefined {
  let cue: 'example' | 'answer' | undefined;
  for (const { groups } of words.matchAll(cues)) cue = groups?.example === undefined ? 'answer' : 'example';
  return cue;
}

/** A fence without a language is one of JSON if it begins with JSON. */
const isJsonFence = (text: string, { fence, start }: JsonPlace): boolean =>
  fence !== undefined && (fence.language !== '' || skipSpaces(text, fence.start) === start);

/** Whether no words are on the lines of a value. */
function isAlone(text: string, { start, end }: JsonPlace): boolean {
  const before = text.slice(Math.max(0, start - REACH), start);
  const after = text.slice(end, end + REACH);
  const lineBefore = before.slice(before.lastIndexOf('\n') + 1);
  const newline = after.search(/[\r\n]/);
  return opensLine.test(lineBefore) && closesLine.test(newline < 0 ? after : after.slice(0, newline));
}

const opensLine = /^(?:[\s>*_`#-]|\d+[.)]|<\w+>)*$/;
const closesLine = /^(?:[\s*_`.;]|<\/[\w|]+>)*$/;
