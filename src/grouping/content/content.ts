import { isRefusal } from '../../normalizers/reading/refusal.ts';
import { deniedWords } from './denied-words.ts';
import { type Facts, factsOf } from './facts.ts';
import { type Names, namesOf } from './names.ts';
import { type Poles, polesOf } from './poles.ts';
import type { Question } from './question.ts';
import { type Relations, relationsOf } from './relations.ts';
import { ordersOf, signsOf, withPlainPowers } from './signs.ts';
import { isKey, type Word } from './word.ts';
import { wordsOf } from './words-of.ts';

/** What an answer says beyond its question. */
export interface Content {
  /** What it chooses, or `refusal`, if that is all that counts. */
  readonly choice?: string;
  /** The words that say it, with their weights. Not empty. */
  readonly gist: ReadonlyMap<string, number>;
  /** The sum of the weights. */
  readonly weight: number;
  readonly names: Names;
  /** All words, in their order. */
  readonly words: readonly Word[];
  /** The numbers and dates, by what they are of. */
  readonly facts: Facts;
  /** The words that it only denies. */
  readonly denied: ReadonlySet<string>;
  /** The words that have opposites, with these. */
  readonly poles: Poles;
  /** What stands between names and numbers. */
  readonly relations: Relations;
  /** The signs that tell texts of the same words apart. */
  readonly signs: string;
}

/** Reads an answer to a question. */
export const contentOf = (written: string, question: Question): Content => {
  const text = withPlainPowers(written);
  if (isRefusal(text)) return choiceOf('refusal');
  const words = question.inItsLanguage(wordsOf(text));
  const choice = question.choose?.(text, words);
  if (choice !== undefined) return choiceOf(choice);
  const gist = gistOf(words, question.asked);
  if (gist.size === 0) gist.set(text, 1);
  return {
    gist,
    weight: sumOf(gist),
    names: namesOf(words, question.asked),
    words,
    facts: factsOf(words, question, ordersOf(text)),
    denied: question.negates ? noWords : deniedWords(words),
    poles: polesOf(words, question.asked),
    relations: relationsOf(words),
    signs: signsOf(text),
  };
};

/** The words that say something and were not asked; without any, those that say something; without any, all words. */
const gistOf = (words: readonly Word[], asked: ReadonlySet<string>): Map<string, number> => {
  const gist = weighed(words, (word) => !word.isStopWord && !asked.has(word.form));
  if (gist.size > 0) return gist;
  const content = weighed(words, (word) => !word.isStopWord);
  return content.size > 0 ? content : weighed(words, () => true);
};

/** The weight of names, numbers and months; other words have 1. */
const WEIGHT_OF_KEYS = 4;

const weighed = (words: readonly Word[], counts: (word: Word) => boolean): Map<string, number> => {
  const weights = new Map<string, number>();
  for (const word of words) {
    if (!counts(word)) continue;
    if (isKey(word)) weights.set(word.form, WEIGHT_OF_KEYS);
    else if (!weights.has(word.form)) weights.set(word.form, 1);
  }
  return weights;
};

const sumOf = (weights: ReadonlyMap<string, number>): number => {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  return sum;
};

const noWords: ReadonlySet<string> = new Set();

/** A content that is one choice, equal to no other, in a form that no word has. */
export const choiceOf = (choice: string): Content => ({
  choice,
  gist: new Map([[`=${choice}`, WEIGHT_OF_KEYS]]),
  weight: WEIGHT_OF_KEYS,
  names: new Map(),
  words: [],
  facts: new Map(),
  denied: noWords,
  poles: new Map(),
  relations: new Map(),
  signs: '',
});
