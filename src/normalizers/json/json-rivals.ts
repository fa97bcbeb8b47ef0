import { answerKey } from '../../domain/answer-key.ts';
import { type Abstention, abstain, abstentionReason } from '../../domain/normalizer.ts';
import { noteReading } from '../../domain/reading-notes.ts';
import { standBeside } from '../reading/beside.ts';
import type { JsonPlace } from './json-places.ts';
import { ALONE, isAtEnd, MENTIONED, preferenceOf } from './json-preference.ts';
import { type JsonValue, parsedValue } from './json-value.ts';

/** A value that may be the answer of a text. */
export interface Candidate {
  readonly place: JsonPlace;
  readonly index: number;
  readonly preference: number;
}

/** Returns the answer of a candidate, unless another value of the text is as good an answer. */
export function unrivalled<Answer>(
  text: string,
  places: readonly JsonPlace[],
  candidate: Candidate,
  answer: Answer,
  accept: (value: JsonValue) => Answer | Abstention,
): Answer | Abstention {
  if (places.length === 1) return noted(candidate.place, answer);
  for (const { index, least } of rivalsOf(text, places, candidate)) {
    const rival = places[index] as JsonPlace;
    if (preferenceOf(text, rival, places[index - 1]) < least) continue;
    if (rival.fault !== undefined) return abstain(`no JSON value was found: ${rival.fault}`);
    const other = accept(parsedValue(text, rival));
    if (abstentionReason(other) === undefined && answerKey(other) !== answerKey(answer))
      return abstain('the text has several JSON values that differ');
  }
  return noted(candidate.place, answer);
}

/** Notes the repairs of a value whose answer counts. */
function noted<Answer>({ edits }: JsonPlace, answer: Answer): Answer {
  if (edits !== undefined)
    noteReading(
      `the JSON was repaired: ${[...new Set(edits.map(({ repair }) => repair))].toSorted().join(', ')}`,
    );
  return answer;
}

/** A value that may be as good an answer if it is preferred at least so much. */
interface Rival {
  readonly index: number;
  readonly least: number;
}

/** Returns the values that a text has next to a candidate. */
function rivalsOf(
  text: string,
  places: readonly JsonPlace[],
  { index, preference }: Candidate,
): readonly Rival[] {
  const rivals: Rival[] = [];
  const least = Math.min(preference, MENTIONED);
  for (let at = index; at > 0; at--) {
    const joint = jointBefore(text, places, at);
    if (joint === undefined) break;
    // The format may be right before its answer.
    rivals.push({ index: at - 1, least: joint === 'row' ? preference : least });
  }
  for (let at = index + 1; at < places.length; at++) {
    if (jointBefore(text, places, at) === undefined) break;
    rivals.push({ index: at, least });
  }
  const last = places.length - 1;
  // A sentence at the end may correct a value that stands alone, or only speak of another one.
  if (last !== index && preference === ALONE && isAtEnd(text, places[last]))
    rivals.push({ index: last, least: MENTIONED });
  return rivals;
}

/** How much may be between two values that stand side by side. */
const REACH = 120;

const FENCES = /```\w*/g;

/**
 * Returns how a value and the one before it stand side by side: in a row, or as items of a list or alternatives, of which none
 * corrects the other; `undefined` if they do not.
 */
function jointBefore(text: string, places: readonly JsonPlace[], index: number): 'row' | 'list' | undefined {
  const [before, after] = [places[index - 1], places[index]];
  if (before === undefined || after === undefined || after.start - before.end > REACH) return undefined;
  const between = text.slice(before.end, after.start).replace(FENCES, '');
  if (!standBeside(between)) return undefined;
  if (/[^\s,;]/.test(between)) return 'list';
  // Of two fences in a row the first may be a draft.
  return before.fence?.at === after.fence?.at ? 'row' : undefined;
}
