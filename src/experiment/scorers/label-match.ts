import { formOf } from '../../domain/answer-form.ts';
import { answerKey } from '../../domain/answer-key.ts';
import type { Normalizer } from '../../domain/normalizer.ts';
import type { Vote } from '../../domain/outcome.ts';
import { lowercaseTrim } from '../../normalizers/lowercase-trim.ts';
import { readerOf } from '../../normalizers/normalizer-readers.ts';
import { answerReader, type ReadAnswer } from '../tuning/labelled-ballot-votes.ts';
import type { Scorer } from './scorer.ts';

/** Whether a scorer can find any answer of this normalizer right, given the right answer. */
export type LabelMatch = (expected: unknown, normalizer: Normalizer) => boolean;

const matches = new WeakMap<Scorer, LabelMatch>();

/** Notes what a scorer can match, and returns the scorer. */
export const withLabelMatch = (scorer: Scorer, match: LabelMatch): Scorer => {
  matches.set(scorer, match);
  return scorer;
};

/** Returns what a scorer can match; a scorer that says nothing can match everything. */
export const labelMatchOf = (scorer: Scorer | 'none'): LabelMatch =>
  (scorer === 'none' ? undefined : matches.get(scorer)) ?? (() => true);

/** The answers of a normalizer to a text that consists of the right answer, by itself and marked as one. */
export const readLabel = (text: string, normalizer: Normalizer): readonly Vote[] =>
  wordingsOf(text).flatMap((wording) => readerFor(normalizer)(wording) ?? []);

const wordingsOf = (text: string): readonly string[] => [text, `<answer>${text}</answer>`];

const readers = new WeakMap<Normalizer, ReadAnswer>();

const readerFor = (normalizer: Normalizer): ReadAnswer => {
  const reader = readers.get(normalizer) ?? answerReader(normalizer);
  readers.set(normalizer, reader);
  return reader;
};

/** Whether it is known which answers a normalizer can give. It is not for a function of the caller, and for JSON. */
const isKnown = (normalizer: Normalizer): boolean =>
  normalizer === lowercaseTrim || readerOf(normalizer) !== undefined;

/** Whether an answer can be equal to the right one. */
export const canEqual: LabelMatch = (expected, normalizer) => {
  try {
    // Calls of tools were read with their question.
    if (formOf(expected) !== undefined) return true;
    const key = answerKey(expected);
    if (!isKnown(normalizer)) return true;
    return wordingsOf(key).some((wording) => {
      const answer = readerFor(normalizer)(wording);
      return answer !== undefined && (typeof expected === 'string' || answer.key === key);
    });
  } catch {
    // It has no key, so that nothing is equal to it.
    return false;
  }
};
