import { abbreviationForm, isAbbreviation } from './abbreviations.ts';
import { withJoinedNumbers } from './joined-numbers.ts';
import { withJoinedPrefixes } from './joined-prefixes.ts';
import { withUnits } from './measured-words.ts';
import { monthOf } from './months.ts';
import { withPlainOrdinals } from './plain-ordinals.ts';
import { isAscii, plainText } from './plain-text.ts';
import { romanValue } from './roman-numerals.ts';
import { singular } from './singular.ts';
import { cardinalOf, ordinalOf, scaleOf } from './spelled-numbers.ts';
import { brokenBySegmenter, isUnspaced } from './unspaced-words.ts';
import { type Spelling, toWord, type Word, withGap } from './word.ts';

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
      `(?:(?<![${letter}\\d.,)]|\\d )-)?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:[.,]\\d+)?(?:(?:st|nd|rd|th|s)(?![${letter}]))?`,
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

const spellingOf = (raw: string): Spelling => {
  if (/^-?\d/.test(raw)) return numberOf(raw);
  if (isUnspaced(raw)) return { form: raw, raw, kind: 'word' };
  if (/^[%$£€¥₹]/.test(raw)) return { form: signs[raw] ?? raw, raw, kind: 'sign' };
  const roman = romanValue(raw);
  if (roman !== undefined) return { form: String(roman), raw, kind: 'number' };
  const word = letters(raw);
  const title = titles.get(raw);
  if (title !== undefined) return { form: title, raw, kind: 'word' };
  const numbered = /^([A-Z]{2,})(II|III|IV)$/.exec(raw);
  if (numbered !== null)
    return { form: `${numbered[1]?.toLowerCase()}${romanValue(numbered[2] ?? '')}`, raw, kind: 'word' };
  if (isAbbreviation(raw)) return { form: abbreviationForm(word), raw, kind: 'word' };
  const ordinal = ordinalOf(word);
  if (ordinal !== undefined) return { form: `${ordinal}o`, raw, kind: 'ordinal' };
  const cardinal = word === 'one' ? undefined : cardinalOf(word);
  if (cardinal !== undefined) return { form: String(cardinal), raw, kind: 'number' };
  const month = monthOf(raw);
  if (month !== undefined) return { form: month, raw, kind: 'month' };
  const form = singular(word);
  return { form, raw, kind: weekdays.has(form) ? 'weekday' : 'word' };
};

/** What titles and parts of names stand for. */
const titles = new Map([
  ['St', 'saint'],
  ['Mt', 'mount'],
  ['Dr', 'doctor'],
  ['Prof', 'professor'],
  ['Jr', 'junior'],
  ['Sr', 'senior'],
]);

const weekdays = new Set('monday tuesday wednesday thursday friday saturday sunday'.split(' '));

const signs: Readonly<Record<string, string>> = {
  '%': 'percent',
  $: 'dollar',
  '£': 'pound',
  '€': 'euro',
  '¥': 'yen',
  '₹': 'rupee',
};

const numberOf = (raw: string): Spelling => {
  const [, digits = '', ending] = /^(.*?)(st|nd|rd|th|s)?$/.exec(raw) ?? [];
  if (digits.includes(':')) return { form: digits, raw, kind: 'clock' };
  const value = Number(digits.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.'));
  if (ending === 's') return { form: `${value}s`, raw, kind: 'number' };
  return ending === undefined
    ? { form: String(value), raw, kind: 'number' }
    : { form: `${value}o`, raw, kind: 'ordinal' };
};

/** The letters of a word: without `'s`, without the article or pronoun of `l'eau`, without the full stops of `U.S.`. */
const letters = (raw: string): string =>
  raw.includes("'") || raw.includes('.')
    ? raw
        .toLowerCase()
        .replace(/'s$/, '')
        .replace(/^(?:l|d|qu|j|dell|all|nell|dall|sull)'(?=\p{L}{2})/u, '')
        .replace(/['.]/g, '')
    : raw.toLowerCase();
