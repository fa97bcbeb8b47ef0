import type { Abstention } from '../domain/normalizer.ts';
import { readAnswer } from './final-answer.ts';
import { isWord } from './marks/answer-marks.ts';
import type { AnswerReader } from './marks/answer-reader.ts';

/** The readers of the normalizers that were made of one. */
const readers = new WeakMap<object, () => AnswerReader<unknown>>();

/**
 * Returns the normalizer that finds the answer of a text and reads it with what `reader` returns.
 *
 * @param ofWord reads a text that is one plain word, as many answers are, without looking for marks.
 */
export function normalizerWith<Answer>(
  reader: () => AnswerReader<Answer>,
  ofWord?: (word: string) => Answer,
): (text: string) => Answer | Abstention {
  const normalizer = (text: string): Answer | Abstention =>
    ofWord !== undefined && typeof text === 'string' && isPlainWord(text)
      ? ofWord(text)
      : readAnswer(text, reader());
  readers.set(normalizer, reader);
  return normalizer;
}

const isPlainWord = (text: string): boolean => text !== '' && isWord(text) && !text.endsWith('.');

/** Returns the reader of a normalizer; `undefined` for one that reads the whole text itself. */
export const readerOf = <Answer>(normalizer: object): AnswerReader<Answer> | undefined =>
  readers.get(normalizer)?.() as AnswerReader<Answer> | undefined;

/** Gives a normalizer the reader of the one that it calls for texts. */
export const readAs = <Outer extends object>(inner: object, outer: Outer): Outer => {
  const reader = readers.get(inner);
  if (reader !== undefined) readers.set(outer, reader);
  return outer;
};
