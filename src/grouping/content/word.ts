import { isNegator } from '../../normalizers/reading/negation.ts';
import { oppositesOf } from './opposites.ts';
import { isStopWord } from './stop-words.ts';

/** How a word, a number or a sign is written and compared. */
export interface Spelling {
  /** Equal for spellings of the same word: lower case, singular, numbers in digits. */
  readonly form: string;
  /** As it is written, in the spelling of `plainText`. */
  readonly raw: string;
  readonly kind: 'word' | 'number' | 'ordinal' | 'clock' | 'month' | 'weekday' | 'sign';
}

/** A word of a text. */
export interface Word extends Spelling {
  /** As it is written, in lower case. */
  readonly lower: string;
  readonly isCapitalized: boolean;
  /** Whether it says nothing by itself. */
  readonly isStopWord: boolean;
  /** Whether it denies what follows it. */
  readonly negates: boolean;
  readonly opposites: readonly string[];
  /** The text between the word before and this one. */
  readonly gap: string;
}

/** Returns a word with what is known of it by itself. */
export const toWord = (spelling: Spelling, gap: string): Word => {
  const { form, raw, kind } = spelling;
  const lower = raw.toLowerCase();
  return {
    form,
    raw,
    kind,
    lower,
    isCapitalized: capital.test(raw),
    isStopWord: isStopWord(form, lower),
    negates: lower !== 'least' && isNegator(lower),
    opposites: kind === 'word' ? oppositesOf(lower) : none,
    gap,
  };
};

/** Returns a word with another gap before it. Written out, because a spread takes as long as reading the word. */
export const withGap = (word: Word, gap: string): Word => ({
  form: word.form,
  raw: word.raw,
  kind: word.kind,
  lower: word.lower,
  isCapitalized: word.isCapitalized,
  isStopWord: word.isStopWord,
  negates: word.negates,
  opposites: word.opposites,
  gap,
});

const none: readonly string[] = [];
const capital = /^\p{Lu}/u;

/** Whether a word is likely to tell answers apart: a name, a number or a month. */
export const isKey = ({ kind, isCapitalized }: Word): boolean =>
  isCapitalized || (kind !== 'word' && kind !== 'sign');

/** Whether a clause ends before a word. */
export const opensClause = ({ gap }: Word): boolean => gap.length > 1 && clauseEnd.test(gap);

const clauseEnd = /[.!?;:,()"\n]/;

/** Whether only a blank or a hyphen is between a word and the one before. */
export const isNextTo = ({ gap }: Word): boolean => gap === ' ' || /^[\s-]*$/.test(gap);
