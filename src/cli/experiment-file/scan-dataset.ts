import { fingerprintOf } from '../../experiment/journal/fingerprint.ts';
import type { Dataset, Question } from '../../experiment/question.ts';

/** What there is to know of a dataset before it is worked on. */
export interface DatasetSummary {
  /** How many questions it has. */
  readonly count: number;
  /** The models that it has responses of, in the order in which they first appear. */
  readonly recordedIds: readonly string[];
  /** The fingerprint of its content, as a part named `dataset`. */
  readonly fingerprint: string;
}

/** Reads a dataset to its end, once. */
export const scanDataset = async (dataset: Dataset, signal?: AbortSignal): Promise<DatasetSummary> => {
  let count = 0;
  const ids = new Set<string>();
  const counted = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Question> {
      for await (const question of dataset) {
        signal?.throwIfAborted();
        count += 1;
        for (const { model } of question.responses ?? []) ids.add(model);
        yield question;
      }
    },
  };
  const fingerprint = await fingerprintOf({ dataset: counted });
  return { count, recordedIds: [...ids], fingerprint };
};
