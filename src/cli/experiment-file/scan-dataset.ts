import { fingerprintOf } from '../../experiment/journal/fingerprint.ts';
import type { Dataset, Question } from '../../experiment/question.ts';

/** The facts about a dataset that are needed before a run. */
export interface DatasetSummary {
  /** The number of questions. */
  readonly count: number;
  /** The models with recorded responses, in the order of their first appearance. */
  readonly recordedIds: readonly string[];
  /** The fingerprint of the content, with one part named `dataset`. */
  readonly fingerprint: string;
}

/** Reads a dataset once, to its end. */
export const scanDataset = async (dataset: Dataset, signal: AbortSignal): Promise<DatasetSummary> => {
  let count = 0;
  const ids = new Set<string>();
  const counted = {
    async *[Symbol.asyncIterator](): AsyncGenerator<Question> {
      for await (const question of dataset) {
        signal.throwIfAborted();
        count += 1;
        for (const { model } of question.responses ?? []) ids.add(model);
        yield question;
      }
    },
  };
  const fingerprint = await fingerprintOf({ dataset: counted });
  return { count, recordedIds: [...ids], fingerprint };
};
