import { sizeOf, toRequest } from '../../engine/to-request.ts';
import { checkedDataset, labelsNeeded, refuseRow } from '../../experiment/dataset/checked-dataset.ts';
import type { Dataset } from '../../experiment/question.ts';

/** The facts about a dataset that are needed before a run. */
export interface DatasetSummary {
  /** The number of questions. */
  readonly count: number;
  /** The models with recorded responses, in the order of their first appearance. */
  readonly recordedIds: readonly string[];
  /** The size of the largest question, with its files as base64, in bytes. */
  readonly largestBytes: number;
}

/**
 * Reads a dataset once, to its end.
 *
 * @throws {ConfigError} if it is empty, or has no right answers although they are needed.
 */
export const scanDataset = async (
  dataset: Dataset,
  scorer: unknown,
  signal: AbortSignal,
): Promise<DatasetSummary> => {
  let count = 0;
  let largestBytes = 0;
  const ids = new Set<string>();
  for await (const question of checkedDataset(dataset, labelsNeeded(scorer))) {
    signal.throwIfAborted();
    refuseRow(question, count);
    count += 1;
    largestBytes = Math.max(largestBytes, sizeOf(toRequest(question.question)));
    for (const { model } of question.responses ?? []) ids.add(model);
  }
  return { count, recordedIds: [...ids], largestBytes };
};
