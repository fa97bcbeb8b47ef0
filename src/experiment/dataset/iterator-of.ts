import type { Dataset, Question } from '../question.ts';

/** Begins to read a dataset. Unlike a generator over it, the iterator can be closed while it waits for a question. */
export const iteratorOf = (dataset: Dataset): Iterator<Question> | AsyncIterator<Question> =>
  Symbol.asyncIterator in dataset ? dataset[Symbol.asyncIterator]() : dataset[Symbol.iterator]();
