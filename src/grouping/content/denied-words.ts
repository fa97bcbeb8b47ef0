import { opensClause, type Word } from './word.ts';

/** Returns the forms of the words that a text only denies: they follow a "not" or a "no" in their clause. */
export const deniedWords = (words: readonly Word[]): ReadonlySet<string> => {
  if (!words.some(({ negates }) => negates)) return none;
  const denied = new Set<string>();
  const affirmed = new Set<string>();
  let isDenied = false;
  for (const [at, word] of words.entries()) {
    if (opensClause(word) || word.gap === '-' || ends.has(word.form)) isDenied = false;
    if (word.negates && !setPhrases.has(words[at + 1]?.form ?? '')) isDenied = true;
    else (isDenied ? denied : affirmed).add(word.form);
  }
  return new Set([...denied].filter((form) => !affirmed.has(form)));
};

const none: ReadonlySet<string> = new Set();

/** What ends the reach of a negation: it "was not open until 1950", they had "no choice but to sell". */
const ends = new Set(
  'until before but because although though except than while rather instead unless since'.split(' '),
);

/** "No doubt" and "not only" deny nothing. */
const setPhrases = new Set('doubt only just merely problem matter longer more less later earlier'.split(' '));
