import type { Word } from './word.ts';

/** Gives ordinals of days and of names the form of numbers: `2nd of September`, `Henry the Eighth`, `Second World War`. */
export const withPlainOrdinals = (words: readonly Word[]): Word[] =>
  words.map((word, at) =>
    word.kind === 'ordinal' && (monthOfDay(words, at) !== undefined || isPartOfName(words, at))
      ? { ...word, form: word.form.slice(0, -1) }
      : word,
  );

/** Returns the month that a number is a day of: `September 2`, `2 September`, `2nd of September`, `September the 2nd`. */
export const monthOfDay = (words: readonly Word[], at: number): string | undefined => {
  const before = words[words[at - 1]?.form === 'the' ? at - 2 : at - 1];
  if (before?.kind === 'month' && isClose(words[at])) return before.form;
  const after = words[words[at + 1]?.form === 'of' ? at + 2 : at + 1];
  return after?.kind === 'month' && isClose(after) ? after.form : undefined;
};

const isPartOfName = (words: readonly Word[], at: number): boolean => {
  const [word, next] = [words[at], words[at + 1]];
  if (word === undefined || !/^[\p{Lu}\d]/u.test(word.raw)) return false;
  if (next?.isCapitalized === true && isClose(next)) return true;
  const before = words[words[at - 1]?.form === 'the' ? at - 2 : at - 1];
  return before?.isCapitalized === true && isClose(word);
};

const isClose = (word: Word | undefined): boolean => word !== undefined && /^[\s.-]?$/.test(word.gap);
