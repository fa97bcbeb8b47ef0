import { type CompoundTerms, compoundTerms } from './compound-terms.ts';
import type { ContentIndex, Entry } from './content-index.ts';
import { contradicts } from './contradicts.ts';

/** The work between two yields, in entries that have a word: less than a millisecond. */
const SLICE = 1_000;

/**
 * Returns the groups of contents, and yields for each pause. By weight, then by the length of the text, then by the text: the
 * content of least weight that is in no group opens one. In the same order, all others join that contain more than half of its
 * weight, unless they contradict one that has joined.
 */
export function* contentGroups<Item>(
  index: Pick<ContentIndex<Item>, 'entries' | 'words'>,
): Generator<undefined, readonly Entry<Item>[][]> {
  const compounds = yield* compoundTerms(index);
  const weights = commonWeights(index.entries.length, compounds);
  const groups: Entry<Item>[][] = [];
  const entries = index.entries.toSorted(bySize);
  const isPlaced = new Uint8Array(entries.length);
  let work = 0;
  for (const [rank, entry] of entries.entries()) {
    if (isPlaced[entry.place] === 1) continue;
    const common = weights.of(entry);
    const group = [entry];
    groups.push(group);
    for (const other of entries.slice(rank + 1)) {
      if (isPlaced[other.place] === 1 || 2 * (common.get(other.place) ?? 0) <= entry.content.weight) continue;
      work += COST_OF_FACTS * group.length;
      if (work >= SLICE) {
        work = 0;
        yield undefined;
      }
      if (group.some(({ content }) => contradicts(content, other.content))) continue;
      isPlaced[other.place] = 1;
      group.push(other);
    }
    work += entries.length + weights.takeWork();
    if (work < SLICE) continue;
    work = 0;
    yield undefined;
  }
  return groups;
}

/** What comparing the facts of two contents costs. */
const COST_OF_FACTS = 20;

const bySize = (one: Entry<unknown>, other: Entry<unknown>): number =>
  one.content.weight - other.content.weight ||
  one.text.length - other.text.length ||
  (one.text < other.text ? -1 : 1);

/** Finds how much of an entry the others contain. */
export const commonWeights = (count: number, compounds: CompoundTerms) => {
  const lastWord = new Int32Array(count);
  let word = 0;
  let work = 0;
  return {
    /** Returns the entries that were looked at since the last time. */
    takeWork(): number {
      const done = work;
      work = 0;
      return done;
    },
    /** The weight that each content has in common with an entry, by its place. */
    of(entry: Entry<unknown>): Map<number, number> {
      const found = new Map<number, number>();
      const find = (places: readonly number[], weight: number): void => {
        for (const place of places) {
          if (lastWord[place] === word) continue;
          lastWord[place] = word;
          found.set(place, (found.get(place) ?? 0) + weight);
        }
        work += places.length;
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
