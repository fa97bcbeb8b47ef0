import { abbreviationForm } from './abbreviations.ts';
import { isNear } from './near.ts';
import { isNextTo, type Word } from './word.ts';

/** The names of a text by the two words before them, as in "designed by": each as its forms. */
export type Names = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Finds names after a word and a preposition: "designed by Karl Lind", "head office in Tarn". */
export const namesOf = (words: readonly Word[], asked: ReadonlySet<string>): Names => {
  const names = new Map<string, (readonly string[])[]>();
  words.forEach((word, at) => {
    if (!isPartOfName(word) || asked.has(word.form)) return;
    const slot = slotBefore(words, at);
    if (slot !== undefined) names.set(slot, [...(names.get(slot) ?? []), nameAt(words, at)]);
  });
  return names;
};

const isPartOfName = ({ kind, isCapitalized, isStopWord }: Word): boolean =>
  isCapitalized && !isStopWord && kind === 'word';

const slotBefore = (words: readonly Word[], at: number): string | undefined => {
  const place = words[at - 1]?.form === 'the' ? at - 2 : at - 1;
  const [verb, preposition] = [words[place - 1], words[place]];
  if (verb === undefined || preposition === undefined || !prepositions.has(preposition.form))
    return undefined;
  const isOwnWord = verb.kind === 'word' && !verb.isStopWord && !verb.isCapitalized;
  return isOwnWord && words.slice(place, at + 1).every(isNextTo)
    ? `${verb.form} ${preposition.form}`
    : undefined;
};

const prepositions = new Set(['by', 'in', 'of', 'at', 'from', 'to', 'as', 'with', 'on']);

const nameAt = (words: readonly Word[], at: number): readonly string[] => {
  const end = words.findIndex((word, place) => place > at && !(isPartOfName(word) && isNextTo(word)));
  return words.slice(at, end < 0 ? words.length : end).map(({ form }) => form);
};

/** A text with its names. */
interface Named {
  readonly names: Names;
  readonly gist: ReadonlyMap<string, number>;
}

/** Whether two texts have names in the same place, and neither mentions one of the other: "in Tarn" and "in Brenford". */
export const nameOthers = (one: Named, other: Named): boolean =>
  [...one.names].some(([slot, names]) => {
    const others = other.names.get(slot);
    return (
      others !== undefined &&
      !names.some((name) => mentions(other, name)) &&
      !others.some((name) => mentions(one, name))
    );
  });

const mentions = ({ gist }: Named, name: readonly string[]): boolean => {
  if (name.some((form) => gist.has(form)) || gist.has(abbreviationForm(initialsOf(name)))) return true;
  const words = [...gist.keys()];
  return name.some((form) => words.some((word) => isNear(form, word)));
};

const initialsOf = (name: readonly string[]): string => name.map((form) => form.charAt(0)).join('');
