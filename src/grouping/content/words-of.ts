import { isAscii, plainText } from './plain-text.ts';
import { scaleOf } from './spelled-numbers.ts';
import { spellingOf } from './spelling-of.ts';
import { brokenBySegmenter, isUnspaced } from './unspaced-words.ts';
import { withJoinedNumbers } from './with-joined-numbers.ts';
import { withJoinedPrefixes } from './with-joined-prefixes.ts';
import { withPlainOrdinals } from './with-plain-ordinals.ts';
import { withUnits } from './with-units.ts';
import { toWord, type Word, withGap } from './word.ts';

/** Returns the words, numbers and signs of a text, each in the form by which it is compared. */
export const wordsOf = (text: string): readonly Word[] =>
  withNumbers(withJoinedPrefixes(brokenUp(text), known));

/** Most texts have no number. */
const withNumbers = (words: readonly Word[]): readonly Word[] =>
  words.some(
    ({ kind, raw }) =>
      kind === 'number' || kind === 'ordinal' || /^[IVX]$/.test(raw) || scaleOf(raw) !== undefined,
  )
    ? withUnits(withPlainOrdinals(withJoinedNumbers(words)))
    : words;

const brokenUp = (text: string): Word[] => {
  const plain = plainText(text);
  const words: Word[] = [];
  let end = 0;
  for (const { 0: raw, index } of plain.matchAll(isAscii(plain) ? asciiParts : parts)) {
    const gap = index === end + 1 && plain.charCodeAt(end) === BLANK ? ' ' : plain.slice(end, index);
    end = index + raw.length;
    if (isUnspaced(raw)) {
      for (const part of brokenBySegmenter(raw)) words.push(known(part, gap));
    } else words.push(known(raw, gap));
  }
  return words;
};

const BLANK = 0x20;

/** Finds names such as B12 and H2O, words, times, numbers with their signs, and signs. */
const partsOf = (letter: string, inner: string, flags: string): RegExp =>
  new RegExp(
    [
      String.raw`[A-Z]{1,4}\d{1,3}[A-Z]?(?![\dA-Za-z])`,
      `[${letter}](?:(?:\\.[${letter}])+(?![${letter}])\\.?|[${inner}]*(?:'[${inner}]+)*)`,
      String.raw`\d{1,2}:\d{2}(?!\d)`,
      `(?:(?<![${letter}\\d.,)]|\\d )-)?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:[.,]\\d+)?(?:(?:st|nd|rd|th|'?s)(?![${letter}]))?`,
      '[%$£€¥₹]|°[CF]',
    ].join('|'),
    flags,
  );

const parts = partsOf(String.raw`\p{L}`, String.raw`\p{L}\p{M}`, 'gu');

/** Three times as fast. */
const asciiParts = partsOf('A-Za-z', 'A-Za-z', 'g');

/** Returns the word of a spelling. Answers to a question have most words in common, so a word is analysed once. */
const known = (raw: string, gap: string): Word => {
  let word = words.get(raw);
  if (word === undefined) {
    if (words.size >= MOST_KNOWN) words.clear();
    word = toWord(spellingOf(raw), ' ');
    words.set(raw, word);
  }
  return gap === ' ' ? word : withGap(word, gap);
};

const words = new Map<string, Word>();

const MOST_KNOWN = 20_000;
