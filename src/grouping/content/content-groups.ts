import { type CompoundTerms, compoundTerms } from './compound-terms.ts';
import type { ContentIndex, Entry } from './content-index.ts';
import { contradicts } from './contradicts.ts';

/** The number of comparisons between two pauses: some milliseconds. */
const SLICE = 50_000;

/**
 * Yields the groups of contents, and before that `undefined` for each pause. By weight, then by the length of the text, then by the text: the content of least
 * weight that is in no group opens one. All others join that contain more than half of its weight and do not contradict it.
 */
export function* contentGroups<Item>(
  index: Pick<ContentIndex<Item>, 'entries' | 'words'>,
): Generator<Entry<Item>[][] | undefined> {
  const { entries } = index;
  const weights = weightsIn(entries.length, compoundTerms(index));
  const groups: Entry<Item>[][] = [];
  const isPlaced = new Uint8Array(entries.length);
  let pauseAt = SLICE;
  for (const entry of entries.toSorted(byWeight)) {
    if (isPlaced[entry.place] === 1) continue;
    const group = [entry];
    isPlaced[entry.place] = 1;
    for (const [place, weight] of weights.of(entry)) {
      const other = entries[place];
      if (other === undefined || isPlaced[place] === 1 || 2 * weight <= entry.content.weight) continue;
      if (contradicts(entry.content, other.content)) continue;
      isPlaced[place] = 1;
      group.push(other);
    }
    groups.push(group);
    if (weights.comparisons() < pauseAt) continue;
    pauseAt = weights.comparisons() + SLICE;
    yield undefined;
  }
  yield groups;
}

const byWeight = (one: Entry<unknown>, other: Entry<unknown>): number =>
  one.content.weight - other.content.weight ||
  one.text.length - other.text.length ||
  (one.text < other.text ? -1 : 1);

/** Finds how much of an entry the others contain. */
const weightsIn = (count: number, compounds: CompoundTerms) => {
  const lastWord = new Int32Array(count);
  let word = 0;
  let comparisons = 0;
  return {
    comparisons: () => comparisons,
    /** The weight that each content has in common with an entry, by its place. */
    of(entry: Entry<unknown>): Map<number, number> {
      const found = new Map<number, number>();
      const find = (places: readonly number[], weight: number): void => {
        for (const place of places) {
          if (lastWord[place] === word) continue;
          lastWord[place] = word;
          found.set(place, (found.get(place) ?? 0) + weight);
        }
        comparisons += places.length;
      };
      for (const { term, weight } of entry.words) {
        word += 1;
        for (const spelling of [term, ...term.near, ...compounds.termsOf(entry, term.form)]) {
          find(spelling.places, weight);
          find(compounds.placesOf(spelling), weight);
        }
      }
      return found;
    },
  };
};
