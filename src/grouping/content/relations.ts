import type { Word } from './word.ts';

/** What stands between two things, by the first and the second: " beat " for France and Croatia. */
export type Relations = ReadonlyMap<string, Relation>;

interface Relation {
  readonly second: string;
  readonly words: string;
}

/** Finds names and numbers that follow each other, with more between them than the words of a list. */
export const relationsOf = (words: readonly Word[]): Relations => {
  let relations: Map<string, Relation> | undefined;
  let first = -1;
  for (let at = 0; at < words.length; at += 1) {
    if (!isThing(words[at] as Word)) continue;
    const length = at - first - 1;
    if (first >= 0 && length > 0 && length <= MOST_BETWEEN) {
      const between = words.slice(first + 1, at);
      if (!between.every(isOfList)) {
        const { form: second } = words[endOfName(words, at)] as Word;
        relations ??= new Map();
        relations.set((words[first] as Word).form, {
          second,
          words: between.map(({ form }) => form).join(' '),
        });
      }
    }
    first = at;
  }
  return relations ?? statementOf(words);
};

/** The relation of "cats chase dogs": of a text whose three words of content are in one clause. */
const statementOf = (words: readonly Word[]): Relations => {
  if (words.length > MOST_WORDS) return none;
  const content = words.filter(({ kind, isStopWord }) => kind === 'word' && !isStopWord);
  const [first, verb, second] = content;
  if (content.length !== 3 || first === undefined || verb === undefined || second === undefined) return none;
  return words.slice(1).some(({ gap }) => gap !== ' ')
    ? none
    : new Map([[first.form, { second: second.form, words: verb.form }]]);
};

/** The most words of a statement of three words of content. */
const MOST_WORDS = 8;

const none: Relations = new Map();

/** More words are no relation of two things. */
const MOST_BETWEEN = 6;

const isThing = ({ kind, isCapitalized, isStopWord }: Word): boolean =>
  kind === 'number' || (kind === 'word' && isCapitalized && !isStopWord);

/** Returns the position of the last word of a name: of its surname. */
const endOfName = (words: readonly Word[], at: number): number => {
  const next = words[at + 1];
  return next?.kind === 'word' && isThing(next) && next.gap === ' ' ? endOfName(words, at + 1) : at;
};

const isOfList = ({ form }: Word): boolean => listWords.has(form);

const listWords = new Set(['and', 'or', 'with', 'also', 'then', 'a', 'an', 'the', 'both', 'as', 'well']);

/**
 * Whether two texts say the same of two things the other way round: "France beat Croatia" and "Croatia beat France" or "France
 * was beaten by Croatia", "3 to 1" and "1 to 3". Things that only stand in a list may change places: "Marie and Pierre".
 */
export const areSwapped = (one: Relations, other: Relations): boolean =>
  one.size > 0 &&
  other.size > 0 &&
  [...one].some(([first, { second, words }]) => {
    const back = other.get(second);
    if (back !== undefined && back.second === first && back.words === words) return true;
    const again = other.get(first);
    return again?.second === second && (isPassive(again.words, words) || isPassive(words, again.words));
  });

/** Whether a relation is the other one in the passive: "was beaten by" and "beat". */
const isPassive = (passive: string, active: string): boolean => {
  const verb = /^(?:is|are|was|were|been|got) (\S+) by$/.exec(passive)?.[1];
  return verb !== undefined && !active.includes(' ') && (verb === active || verb === `${active}en`);
};
