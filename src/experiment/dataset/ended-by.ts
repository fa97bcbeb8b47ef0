import type { Dataset, Question } from '../question.ts';
import { iteratorOf } from './iterator-of.ts';

/** Ends a dataset early, and closes it, once `hasEnded` returns true. */
export const endedBy = (dataset: Dataset, hasEnded: () => boolean): AsyncIterable<Question> => ({
  [Symbol.asyncIterator]: () => {
    const source = iteratorOf(dataset);
    const close = async (): Promise<IteratorResult<Question>> => {
      await source.return?.();
      return { done: true, value: undefined };
    };
    return { next: async () => (hasEnded() ? close() : source.next()), return: close };
  },
});
