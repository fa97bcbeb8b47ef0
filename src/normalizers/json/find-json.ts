import { type Abstention, abstain, abstentionReason } from '../../domain/normalizer.ts';
import { takesBack } from '../marks/corrections.ts';
import { skipSpaces } from '../reading/characters.ts';
import { type JsonPlace, jsonPlaces } from './json-places.ts';
import { ALONE, DENIED, EXAMPLE, preferenceOf } from './json-preference.ts';
import { type Candidate, unrivalled } from './json-rivals.ts';
import { beforeNextQuestion } from './json-run-on.ts';
import { answerPart } from './json-tag.ts';
import { type JsonValue, parsedValue } from './json-value.ts';

/** The abstention from a text without any JSON. */
export const noJson: Abstention = abstain('no JSON value was found');

/** The answer is among the last values of a text. */
const MOST_PLACES = 100;

/**
 * Returns the JSON value that is the answer of what is read of a text: of those that `accept` takes the one that is
 * preferred, and of several with the same preference the last. Abstains if a broken value is preferred to it, or a different
 * one is as good.
 *
 * @param accept returns the answer that a value is, or abstains because the value does not fit.
 * @param least the preference from which on a value counts.
 */
export function jsonIn<Answer>(
  readable: string,
  accept: (value: JsonValue) => Answer | Abstention,
  least: number = EXAMPLE,
): Answer | Abstention {
  const places = answerPlaces(readable);
  if (typeof places === 'string') return abstain(places);
  let reason: string | undefined;
  for (const candidate of byPreference(readable, places, least)) {
    const { place } = candidate;
    if (place.fault !== undefined) return abstain(reason ?? `no JSON value was found: ${place.fault}`);
    const answer = accept(parsedValue(readable, place));
    const misfit = abstentionReason(answer);
    if (misfit === undefined && takesBack(readable, place.end))
      return abstain('the text takes its JSON value back');
    if (misfit === undefined) return unrivalled(readable, places, candidate, answer, accept);
    reason ??= misfit;
  }
  return reason === undefined ? noJson : abstain(reason);
}

/** Whether a text is nothing but a value. */
const isAlone = (text: string, { start, end }: JsonPlace): boolean =>
  skipSpaces(text, 0) === start && skipSpaces(text, end) === text.length;

/** The places of the values, or the reason of an abstention. */
function answerPlaces(text: string): readonly JsonPlace[] | string {
  const places = jsonPlaces(text);
  return typeof places === 'string' ? places : answerPart(text, beforeNextQuestion(text, places));
}

function byPreference(text: string, places: readonly JsonPlace[], least: number): readonly Candidate[] {
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
    .filter(
      ({ place, preference }) => preference > DENIED && (preference >= least || place.isTagged === true),
    )
    .toSorted((one, other) => other.preference - one.preference || other.index - one.index);
}
