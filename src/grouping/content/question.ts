import { type Chooser, chooserOf } from './choices.ts';
import { compoundsIn } from './compounds.ts';
import { type Facts, factsIn } from './facts.ts';
import { inLanguage, type Language, languageOf } from './languages.ts';
import type { Word } from './word.ts';
import { wordsOf } from './words-of.ts';

/** A question, as far as its answers are compared by it. */
export interface Question {
  /** The forms of its words, with their other spellings. */
  readonly asked: ReadonlySet<string>;
  /** The numbers and dates that it states. */
  readonly facts: Facts;
  /** Whether it has a "not": that of an answer then says nothing. */
  readonly negates: boolean;
  /** Whether it asks for a person. */
  readonly asksWho: boolean;
  readonly choose: Chooser | undefined;
  /** Returns the words of an answer, with the stop words of its language. */
  readonly inItsLanguage: (words: readonly Word[]) => readonly Word[];
}

/** Reads a question, or the last question of a longer text. */
export const questionOf = (prompt: string, language?: Language): Question => {
  const words = wordsOf(prompt);
  const question = wordsOf(lastQuestion(prompt));
  return {
    asked: new Set([...words, ...compoundsIn(words)].map(({ form }) => form)),
    facts: factsIn(words),
    negates: words.some((word) => word.negates),
    asksWho: /^who(?:m|se)?$/.test(question[0]?.form ?? ''),
    choose: chooserOf(question),
    inItsLanguage: (answer) => inLanguage(answer, language ?? languageOf(words, answer)),
  };
};

const lastQuestion = (prompt: string): string => {
  const sentences = prompt.trim().split(/(?<=[.!?])\s+|\n+/);
  return sentences.findLast((sentence) => sentence.endsWith('?')) ?? sentences.at(-1) ?? '';
};
