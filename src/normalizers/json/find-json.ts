import { answerKey } from '../../domain/answer-key.ts';
import { type Abstention, abstain, abstentionReason } from '../../domain/normalizer.ts';
import { noteReading } from '../../domain/reading-notes.ts';
import { MAX_ANSWER_LENGTH } from '../reading/answer-length.ts';
import { oneOf, skipSpaces } from '../reading/characters.ts';
import { readableText } from '../reading/readable-text.ts';
import { type JsonPlace, jsonPlaces } from './json-places.ts';
import { ALONE, DENIED, isAtEnd, MENTIONED, preferenceOf } from './json-preference.ts';
import { beforeNextQuestion } from './json-run-on.ts';
import { scanJson } from './json-scan.ts';
import { answerPart } from './json-tag.ts';
import { edited } from './json-tokens.ts';

/** A JSON value. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The abstention from a text without any JSON. */
export const noJson: Abstention = abstain('no JSON value was found');

/** The answer is among the last values of a text. */
const MOST_PLACES = 100;

/**
 * Finds the JSON value that is the answer of a text: of those that `accept` takes the one that is preferred, and of
 * several with the same preference the last. Abstains if a broken value is preferred to it, or a different one is as good.
 *
 * @param accept returns the answer that a value is, or abstains because the value does not fit.
 */
export function findJson<Answer>(
  text: string,
  accept: (value: JsonValue) => Answer | Abstention,
): Answer | Abstention {
  const readable = readableJson(text);
  return typeof readable === 'string' ? jsonIn(readable, accept) : readable;
}

/** Returns what is read of a text that may be JSON. */
export const readableJson = (text: string): string | Abstention =>
  isNothingButJson(text) ? text : readableText(text);

/** Like {@link findJson}, for what is read of a text. */
export function jsonIn<Answer>(
  readable: string,
  accept: (value: JsonValue) => Answer | Abstention,
): Answer | Abstention {
  const places = answerPlaces(readable);
  if (typeof places === 'string') return abstain(places);
  let reason: string | undefined;
  for (const candidate of byPreference(readable, places)) {
    const { place } = candidate;
    if (place.fault !== undefined) return abstain(reason ?? `no JSON value was found: ${place.fault}`);
    const answer = accept(parsedValue(readable, place));
    const misfit = abstentionReason(answer);
    if (misfit === undefined) return unrivalled(readable, places, candidate, answer, accept);
    reason ??= misfit;
  }
  return reason === undefined ? noJson : abstain(reason);
}

/** What looks like hidden reasoning in a string of JSON is a part of the answer. */
function isNothingButJson(text: string): boolean {
  if (typeof text !== 'string' || text.length > MAX_ANSWER_LENGTH || !text.includes('<')) return false;
  const start = skipSpaces(text, 0);
  if (!opensJson(text.charCodeAt(start))) return false;
  const { outcome, end } = scanJson(text, start, text.length);
  return outcome === 'whole' && skipSpaces(text, end) === text.length;
}

const opensJson = oneOf('{[');

/** Whether a text is nothing but a value. */
const isAlone = (text: string, { start, end }: JsonPlace): boolean =>
  skipSpaces(text, 0) === start && skipSpaces(text, end) === text.length;

interface Candidate {
  readonly place: JsonPlace;
  readonly index: number;
  readonly preference: number;
}

/** The places of the values, or the reason of an abstention. */
function answerPlaces(text: string): readonly JsonPlace[] | string {
  const places = jsonPlaces(text);
  return typeof places === 'string' ? places : answerPart(text, beforeNextQuestion(text, places));
}

function byPreference(text: string, places: readonly JsonPlace[]): readonly Candidate[] {
  const [place] = places;
  if (place !== undefined && places.length === 1 && isAlone(text, place))
    return [{ place, index: 0, preference: ALONE }];
  const first = Math.max(0, places.length - MOST_PLACES);
  return places
    .slice(first)
    .map((place, at) => {
      const index = first + at;
      return { place, index, preference: preferenceOf(text, place, places[index - 1]) };
    })
    .filter(({ preference }) => preference > DENIED)
    .toSorted((one, other) => other.preference - one.preference || other.index - one.index);
}

/** Returns the answer, unless another value of the text is as good an answer. */
function unrivalled<Answer>(
  text: string,
  places: readonly JsonPlace[],
  { place, index, preference }: Candidate,
  answer: Answer,
  accept: (value: JsonValue) => Answer | Abstention,
): Answer | Abstention {
  if (places.length === 1) return noted(place, answer);
  const before = places[index - 1];
  const last = places.at(-1);
  const rivals: readonly (readonly [rival: JsonPlace | undefined, least: number])[] = [
    [before !== undefined && areJoined(text, before, place) ? before : undefined, preference],
    // A sentence at the end may correct a value that stands alone, or only speak of another one.
    [last !== place && preference === ALONE && isAtEnd(text, last) ? last : undefined, MENTIONED],
  ];
  for (const [rival, least] of rivals) {
    if (rival === undefined || preferenceOf(text, rival, places[places.indexOf(rival) - 1]) < least) continue;
    if (rival.fault !== undefined) return abstain(`no JSON value was found: ${rival.fault}`);
    const other = accept(parsedValue(text, rival));
    if (abstentionReason(other) === undefined && answerKey(other) !== answerKey(answer))
      return abstain('the text has several JSON values that differ');
  }
  return noted(place, answer);
}

/** Notes the repairs of a value whose answer counts. */
function noted<Answer>({ edits }: JsonPlace, answer: Answer): Answer {
  if (edits !== undefined)
    noteReading(
      `the JSON was repaired: ${[...new Set(edits.map(({ repair }) => repair))].toSorted().join(', ')}`,
    );
  return answer;
}

/** Whether nothing but white space, a comma or the mark of an item is between two values: they are parts of a list. */
const areJoined = (text: string, one: JsonPlace, other: JsonPlace): boolean =>
  other.start - one.end < 40 && JOINT.test(text.slice(one.end, other.start));

const JOINT =
  /^[\s,;]*(?:[-*\u2022]\s|\(?(?:\d{1,2}|[a-h])[.)]\s|\**(?:part|question|problem|item|answer|teil|partie|parte)\s*\(?\w{1,2}\)?\**:\**)?\s*$/i;

function parsedValue(text: string, { start, end, edits }: JsonPlace): JsonValue {
  const json = edits === undefined ? text.slice(start, end) : edited(text, start, end, edits);
  const value = JSON.parse(json) as JsonValue;
  if (typeof value === 'number') return value === 0 ? 0 : value;
  return loneSurrogate.test(json)
    ? (JSON.parse(JSON.stringify(value).replace(escapes, wellFormed)) as JsonValue)
    : value;
}

/** Escapes may hide the lone surrogates that `fold` replaces. Well-formed pairs are not escaped by `JSON.stringify`. */
const loneSurrogate = /\\u[dD][89a-fA-F]/;

const escapes = /\\\\|\\ud[89a-f][\da-f]{2}/g;

const wellFormed = (found: string): string => (found === '\\\\' ? found : '\\ufffd');
