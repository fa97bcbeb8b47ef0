import { BOUNDARIES } from '../marks/run-on.ts';
import { alternation } from '../reading/alternation.ts';
import type { JsonPlace } from './json-places.ts';
import { MENTIONED, preferenceOf } from './json-preference.ts';

const boundary = new RegExp(alternation(BOUNDARIES), 'gi');

/** An answer is looked for among so many values. */
const MOST_PLACES = 100;

/** Leaves out the values after a mark of another question, if the text has answered before it. */
export function beforeNextQuestion(text: string, places: readonly JsonPlace[]): readonly JsonPlace[] {
  if (places.length < 2) return places;
  const answered = places
    .slice(0, MOST_PLACES)
    .findIndex((place, index) => preferenceOf(text, place, places[index - 1]) >= MENTIONED);
  const answer = places[answered];
  if (answer === undefined || answered === places.length - 1) return places;
  let index = answered + 1;
  boundary.lastIndex = answer.end;
  for (let match = boundary.exec(text); match !== null; match = boundary.exec(text)) {
    while ((places[index]?.end ?? text.length) <= match.index) index++;
    const next = places[index];
    // A mark within a value is a part of it.
    if (next === undefined || match.index < next.start) return places.slice(0, index);
  }
  return places;
}
