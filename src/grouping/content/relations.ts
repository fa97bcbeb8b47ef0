import type { Word } from './word.ts';

/** What stands between two things, by the first and the second: " beat " for France and Croatia. */
export type Relations = ReadonlyMap<string, Relation>;

interface Relation {
  readonly second: string;
  readonly words: string;
}

/** Finds names and numbers that follow each other, with more between them than the words of a list. */
export const relationsOf = (words: readonly Word[]): Relations => {
  let relations = none;
  let first = -1;
  words.forEach((word, at) => {
    if (!isThing(word)) return;
    const between = first < 0 ? [] : words.slice(first + 1, at);
    if (between.length > 0 && between.length <= MOST_BETWEEN && !between.every(isOfList)) {
      const relation = { second: word.form, words: between.map(({ form }) => form).join(' ') };
      relations = new Map(relations).set((words[first] as Word).form, relation);
    }
    first = at;
  });
  return relations;
};

const none: Relations = new Map();

/** More words are no relation of two things. */
const MOST_BETWEEN = 6;

const isThing = ({ kind, isCapitalized, isStopWord }: Word): boolean =>
  kind === 'number' || (kind === 'word' && isCapitalized && !isStopWord);

const isOfList = ({ form }: Word): boolean => listWords.has(form);

const listWords = new Set(['and', 'or', 'with', 'also', 'then', 'a', 'an', 'the', 'both', 'as', 'well']);

/**
 * Whether two texts say the same of two things the other way round: "France beat Croatia" and "Croatia beat France", "3 to 1"
 * and "1 to 3". Things that only stand in a list may change places: "Marie and Pierre".
 */
export const areSwapped = (one: Relations, other: Relations): boolean =>
  one.size > 0 &&
  other.size > 0 &&
  [...one].some(([first, { second, words }]) => {
    const back = other.get(second);
    return back !== undefined && back.second === first && back.words === words;
  });
