import { abbreviationForm, isAbbreviation } from './abbreviations.ts';
import type { Word } from './word.ts';

/** Words that may be written as one. */
export interface Compound {
  /** The form of the one word: `minigame` for "mini-game" and "mini game", `esa` for "European Space Agency". */
  readonly form: string;
  /** The forms of the words that it stands for. */
  readonly parts: readonly string[];
}

/** Returns what words in a row would be if they were written as one word or abbreviated. */
export const compoundsIn = (words: readonly Word[]): readonly Compound[] => {
  const compounds: Compound[] = [];
  let name: Name | undefined;
  let before: Word | undefined;
  for (const word of words) {
    if (before !== undefined && (areOneCompound(before, word) || isNumbered(before, word))) {
      compounds.push({ form: before.lower + word.form, parts: [before.form, word.form] });
    }
    before = word;
    if (name !== undefined && isNumberOf(name, word))
      compounds.push({ form: name.capitals + word.form, parts: [...name.parts, word.form] });
    if (name !== undefined && continuesName(name, word)) addTo(name, word);
    else {
      if (name !== undefined) addAbbreviations(compounds, name);
      name = word.isCapitalized && !word.isStopWord ? nameOf(word) : undefined;
    }
  }
  if (name !== undefined) addAbbreviations(compounds, name);
  return compounds;
};

const areOneCompound = (word: Word, next: Word): boolean =>
  word.kind === 'word' &&
  next.kind === 'word' &&
  (next.gap === '-' ||
    (!word.isStopWord &&
      !next.isStopWord &&
      (next.gap === ' ' || (next.gap === '. ' && word.raw.length === 1))));

/** "B-12" and "B 12" are B12. */
const isNumbered = (word: Word, next: Word): boolean =>
  next.kind === 'number' &&
  (next.gap === ' ' || next.gap === '-') &&
  (word.raw.length === 1 || isAbbreviation(word.raw)) &&
  word.isCapitalized;

/** "World War II" is WW2. */
const isNumberOf = ({ parts, pending }: Name, { kind, gap }: Word): boolean =>
  parts.length > 1 && pending === '' && kind === 'number' && gap === ' ';

/** A run of capitalized words, with small words between them: "Bank of America". */
interface Name {
  readonly parts: string[];
  /** The initials of the capitalized words. */
  capitals: string;
  /** The initials of all words up to the last capitalized one, and of those behind it. */
  initials: string;
  pending: string;
}

const nameOf = ({ form, lower }: Word): Name => {
  const initial = lower.charAt(0);
  return { parts: [form], capitals: initial, initials: initial, pending: '' };
};

/** Small words and commas stand within names, and full stops after initials. */
const continuesName = ({ parts }: Name, { gap, isCapitalized, isStopWord }: Word): boolean =>
  (isCapitalized || isStopWord) &&
  (gap === ' ' || gap === '-' || gap === ', ' || (gap === '. ' && parts.at(-1)?.length === 1));

const addTo = (name: Name, { form, lower, isCapitalized }: Word): void => {
  name.pending += lower.charAt(0);
  if (!isCapitalized) return;
  name.parts.push(form);
  name.capitals += lower.charAt(0);
  name.initials += name.pending;
  name.pending = '';
};

const LONGEST_ABBREVIATION = 6;

const addAbbreviations = (compounds: Compound[], { parts, capitals, initials }: Name): void => {
  if (parts.length < 2 || parts.length > LONGEST_ABBREVIATION) return;
  compounds.push({ form: abbreviationForm(capitals), parts });
  if (initials !== capitals) compounds.push({ form: abbreviationForm(initials), parts });
};
