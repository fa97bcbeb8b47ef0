import { costOf, plus } from '../domain/cost.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Recording } from './journal/journaled-call.ts';

/** Progress of an experiment. Counts and costs of calls include questions that are still in progress. */
export interface ExperimentProgress {
  /** The number of questions with all trials read. */
  readonly questions: number;
  /** The number of calls made, and of those that failed. */
  readonly calls: number;
  readonly failures: number;
  /** The number of calls found in the record. */
  readonly recalled: number;
  /** The number of calls that are not recorded and were not made, because of `onMiss: 'error'`. */
  readonly missing: number;
  /** The known cost of the calls made, in USD; `undefined` if no cost is known. */
  readonly spentUsd: number | undefined;
  /** The known original cost of the calls found in the record, in USD; `undefined` if no cost is known. */
  readonly recordedUsd: number | undefined;
}

/** Counts the questions, calls and costs of an experiment. */
export const experimentAccount = (pricing: Pricing | undefined) => {
  let [questions, calls, failures, recalled, missing] = [0, 0, 0, 0, 0];
  let spentUsd: number | undefined;
  let recordedUsd: number | undefined;
  return {
    note({ entry: { response, error }, isPaid }: Recording, model: Model, request: ModelRequest): void {
      const costUsd =
        response === undefined ? error?.costUsd : costOf(model, request, response, pricing).costUsd;
      if (error?.name === 'ReplayMissError') missing += 1;
      else if (isPaid) {
        recalled += 1;
        recordedUsd = plus(recordedUsd, costUsd);
      } else {
        calls += 1;
        if (response === undefined) failures += 1;
        spentUsd = plus(spentUsd, costUsd);
      }
    },
    answered(): void {
      questions += 1;
    },
    progress: (): ExperimentProgress => ({
      questions,
      calls,
      failures,
      recalled,
      missing,
      spentUsd,
      recordedUsd,
    }),
  };
};

/** The account of an experiment. */
export type ExperimentAccount = ReturnType<typeof experimentAccount>;
