import { abbreviationForm, isAbbreviation } from './abbreviations.ts';
import { monthOf } from './months.ts';
import { romanValue } from './roman-numerals.ts';
import { singular } from './singular.ts';
import { cardinalOf, ordinalOf } from './spelled-numbers.ts';
import { isUnspaced } from './unspaced-words.ts';
import type { Spelling } from './word.ts';

/** Returns the form by which a word, a number or a sign is compared, and its kind. */
export const spellingOf = (raw: string): Spelling => {
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
  ['BCE', 'bc'],
  ['CE', 'ad'],
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
  const [, digits = '', ending] = /^(.*?)(st|nd|rd|th|'?s)?$/.exec(raw) ?? [];
  if (digits.includes(':')) return { form: digits, raw, kind: 'clock' };
  const value = Number(digits.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.'));
  if (ending?.endsWith('s')) return { form: `${value}s`, raw, kind: 'number' };
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
