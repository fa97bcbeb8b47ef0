import { costOf, plus } from '../domain/cost.ts';
import type { Model } from '../domain/model.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Recording } from './journal/journaled-call.ts';

/** What an experiment has come to so far; the account has the calls for questions that are being worked on too. */
export interface ExperimentProgress {
  /** How many questions have been answered by every condition, and read. */
  readonly questions: number;
  /** How many calls were made, and how many of them failed. */
  readonly calls: number;
  readonly failures: number;
  /** How many calls were in the record. */
  readonly recalled: number;
  /** What the calls that were made cost, in USD, as far as it is known; `undefined` where nothing is. */
  readonly spentUsd: number | undefined;
  /** What the calls in the record cost when they were made, in USD, as far as it is known. */
  readonly recordedUsd: number | undefined;
}

/** Keeps the account of an experiment. */
export interface ExperimentAccount {
  note(recording: Recording, model: Model, request: ModelRequest): void;
  answered(): void;
  progress(): ExperimentProgress;
}

export const experimentAccount = (pricing: Pricing | undefined): ExperimentAccount => {
  let [questions, calls, failures, recalled] = [0, 0, 0, 0];
  let spentUsd: number | undefined;
  let recordedUsd: number | undefined;
  return {
    note({ entry: { response, error }, isPaid }, model, request) {
      const costUsd =
        response === undefined ? error?.costUsd : costOf(model, request, response, pricing).costUsd;
      if (isPaid) {
        recalled += 1;
        recordedUsd = plus(recordedUsd, costUsd);
      } else {
        calls += 1;
        if (response === undefined) failures += 1;
        spentUsd = plus(spentUsd, costUsd);
      }
    },
    answered() {
      questions += 1;
    },
    progress: () => ({ questions, calls, failures, recalled, spentUsd, recordedUsd }),
  };
};
