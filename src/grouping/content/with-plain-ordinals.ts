import { toWord, type Word } from './word.ts';

/** Gives ordinals of days and of names the form of numbers: `2nd of September`, `Henry the Eighth`, `Second World War`. */
export const withPlainOrdinals = (words: readonly Word[]): Word[] =>
  words.map((word, at) => {
    const { form, raw, kind, gap } = word;
    if (isCentury(word, words[at + 1])) return toWord({ form: `${form}o`, raw, kind: 'ordinal' }, gap);
    if (isNumeralOfName(words, at))
      return toWord({ form: letters.get(raw) ?? form, raw, kind: 'number' }, gap);
    const isPlain = kind === 'ordinal' && (monthOfDay(words, at) !== undefined || isPartOfName(words, at));
    return isPlain ? { ...word, form: form.slice(0, -1) } : word;
  });

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

/** The XIX century is the 19th. */
const isCentury = (word: Word, next: Word | undefined): boolean =>
  word.kind === 'number' && next?.form === 'century' && /^[A-Z]+$/.test(word.raw);

const letters = new Map([
  ['I', '1'],
  ['V', '5'],
  ['X', '10'],
]);

/** The numeral of "Charles V" and of "World War I", which is not the pronoun. */
const isNumeralOfName = (words: readonly Word[], at: number): boolean => {
  const [before, word, next] = [words[at - 1], words[at], words[at + 1]];
  if (word === undefined || !letters.has(word.raw) || word.gap !== ' ') return false;
  if (before?.isCapitalized !== true || before.isStopWord) return false;
  return (
    word.raw !== 'I' || next === undefined || next.gap !== ' ' || (next.isStopWord && !verbs.has(next.form))
  );
};

/** What follows the pronoun. */
const verbs = new Set('am was have had do did can could will would may might must should'.split(' '));

const isClose = (word: Word | undefined): boolean => word !== undefined && /^[\s.-]?$/.test(word.gap);
