import { fold } from './fold.ts';

/** Returns the words and phrases of a list with commas, in the spelling of a text that is read. */
export const wordsOf = (list: string): ReadonlySet<string> =>
  new Set(
    list
      .split(',')
      .map((word) => fold(word).replace(/\s+/g, ' ').trim().toLowerCase())
      .filter((word) => word !== ''),
  );
