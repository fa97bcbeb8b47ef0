import type { Word } from './word.ts';

/** Whether a question that opens with this word asks for yes or no, or for one of two. */
export const isAuxiliary = (word: Word | undefined): boolean =>
  word !== undefined && auxiliaries.has(word.lower);

const auxiliaries = new Set(
  `is are was were do does did can could will would should must has have had may might shall isn't aren't wasn't weren't don't
   doesn't didn't can't won't`.split(/\s+/),
);
