import { compoundsIn } from './compounds.ts';
import type { ContentIndex, Entry } from './content-index.ts';
import type { Term } from './word-index.ts';

/** The words that some contents write as one and others as several. */
export interface CompoundTerms {
  /** The one word that a word of an entry is a part of: `minigame` for the `game` of "mini-game". */
  termsOf(entry: Entry<unknown>, form: string): readonly Term[];
  /** The places of the contents that write a word as several. */
  placesOf(term: Term): readonly number[];
}

/** The number of entries between two pauses: some milliseconds. */
const SLICE = 200;

/** Finds the compounds of contents that are a word of another. Yields for each pause. */
export function* compoundTerms({
  entries,
  words,
}: Pick<ContentIndex<unknown>, 'entries' | 'words'>): Generator<undefined, CompoundTerms> {
  const terms = new Map<Entry<unknown>, Map<string, Term[]>>();
  const places = new Map<Term, number[]>();
  for (const entry of entries) {
    if (entry.place % SLICE === SLICE - 1) yield undefined;
    for (const { form, parts } of compoundsIn(entry.content.words)) {
      const term = words.find(form);
      if (term === undefined) continue;
      append(places, term, entry.place);
      const ofEntry = terms.get(entry) ?? new Map<string, Term[]>();
      terms.set(entry, ofEntry);
      for (const part of parts) append(ofEntry, part, term);
    }
  }
  return {
    termsOf: (entry, form) => terms.get(entry)?.get(form) ?? none,
    placesOf: (term) => places.get(term) ?? none,
  };
}

const none: readonly never[] = [];

const append = <Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
};
