import { small, tens } from '../../normalizers/numbers/number-spelled.ts';

/** Returns the value of an English number word below 100, such as "seven" or "forty". */
export const cardinalOf = (word: string): number | undefined => small().get(word) ?? tens.get(word);

const ordinals = new Map(
  `first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth
   seventeenth eighteenth nineteenth twentieth`
    .split(/\s+/)
    .map((word, place) => [word, place + 1]),
);
for (const [ten, value] of tens) ordinals.set(`${ten.slice(0, -1)}ieth`, value);

/** Returns the value of an English ordinal, such as "third" or "fortieth". */
export const ordinalOf = (word: string): number | undefined => ordinals.get(word);

const scales = new Map([
  ['dozen', 12],
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['bn', 1e9],
  ['trillion', 1e12],
]);

/** Returns the factor of a word such as "million". */
export const scaleOf = (word: string): number | undefined => scales.get(word);

/** Letters behind a number that multiply it: `12k`, `$1.5M`. */
const letters = new Map([
  ['k', 1e3],
  ['K', 1e3],
  ['M', 1e6],
  ['B', 1e9],
]);

/** Returns the factor of a letter that is written right behind a number. */
export const scaleOfLetter = (letter: string): number | undefined => letters.get(letter);
