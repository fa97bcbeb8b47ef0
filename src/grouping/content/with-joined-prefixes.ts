import type { Word } from './word.ts';

/** Writes a word with a hyphen after its beginning as one: "anti-clockwise", "co-operative", "e-mail". */
export const withJoinedPrefixes = (
  words: readonly Word[],
  toWord: (raw: string, gap: string) => Word,
): readonly Word[] => {
  if (!words.some(({ gap }) => gap === '-')) return words;
  const joined: Word[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (before !== undefined && word.gap === '-' && word.kind === 'word' && prefixes.has(before.lower)) {
      joined.splice(-1, 1, toWord(before.raw + word.lower, before.gap));
    } else joined.push(word);
  }
  return joined;
};

const prefixes = new Set(
  `anti auto bi co counter de e ex extra hyper hypo inter intra macro micro mid mini mono multi non over poly post pre pro pseudo re
   semi sub super trans tri ultra un under`.split(/\s+/),
);
