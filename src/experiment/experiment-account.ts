import { type Cost, costOf, sumOf, unknownCost } from '../domain/cost.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { wasNeverSent } from '../domain/never-sent.ts';
import type { CostSource, Outcome } from '../domain/outcome.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { JournalEntry } from './journal/journal.ts';
import type { Recording } from './journal/journaled-call.ts';
import { isFoundFailure } from './journal/journaled-entry.ts';

/** Progress of an experiment. Counts and costs of calls include questions that are still in progress. */
export interface ExperimentProgress {
  /** The number of questions with all trials read. */
  readonly questions: number;
  /** The number of calls made, and of those that failed. */
  readonly calls: number;
  readonly failures: number;
  /** The number of these calls that a judge made. */
  readonly judgeCalls: number;
  /** The number of calls found in the record. */
  readonly recalled: number;
  /** The number of calls that are not recorded and were not made, because of `onMiss: 'error'`. */
  readonly missing: number;
  /** The number of calls that a policy refused, such as a budget or an open circuit: nothing was sent. */
  readonly unsent: number;
  /** The known cost of the calls made, in USD; `undefined` if no cost is known. */
  readonly spentUsd: number | undefined;
  /** `partial` if `spentUsd` leaves out calls of unknown cost, and so is a lower bound. */
  readonly spentSource: CostSource;
  /** The known original cost of the calls found in the record, in USD; `undefined` if no cost is known. */
  readonly recordedUsd: number | undefined;
  /** `partial` if `recordedUsd` leaves out calls of unknown cost, and so is a lower bound. */
  readonly recordedSource: CostSource;
}

/** Counts the questions, calls and costs of an experiment. */
export const experimentAccount = (pricing: Pricing | undefined) => {
  let [questions, calls, failures, judgeCalls, recalled, missing, unsent] = [0, 0, 0, 0, 0, 0, 0];
  let spent: Cost | undefined;
  let recorded: Cost | undefined;
  return {
    note({ entry: { response, error }, isPaid }: Recording, model: Model, request: ModelRequest): void {
      const cost = response === undefined ? recordedCostOf(error) : costOf(model, request, response, pricing);
      if (error?.name === 'ReplayMissError') missing += 1;
      else if (error !== undefined && wasNeverSent(error)) unsent += 1;
      else if (isPaid) {
        recalled += 1;
        recorded = plus(recorded, cost);
      } else {
        calls += 1;
        if (response === undefined) failures += 1;
        spent = plus(spent, cost);
      }
    },
    /** Notes the calls of a judge. Those that are recorded in a journal of its own cost nothing. */
    noteScoring(outcomes: readonly Outcome[]): void {
      for (const outcome of outcomes) {
        if (outcome.status === 'failed' && outcome.error.name === 'ReplayMissError') missing += 1;
        else if (outcome.status === 'failed' && wasNeverSent(outcome.error)) unsent += 1;
        else if (outcome.status === 'failed' && isFoundFailure(outcome.error)) {
          recalled += 1;
          recorded = plus(recorded, outcome);
        } else if ('response' in outcome && isObject(outcome.response.cached)) {
          const { costUsd } = outcome.response.cached;
          recalled += 1;
          recorded = plus(
            recorded,
            costUsd === undefined ? unknownCost : { costUsd, costSource: 'reported' },
          );
        } else {
          calls += 1;
          judgeCalls += 1;
          if (outcome.status === 'failed') failures += 1;
          spent = plus(spent, outcome);
        }
      }
    },
    answered(): void {
      questions += 1;
    },
    progress: (): ExperimentProgress => ({
      questions,
      calls,
      failures,
      judgeCalls,
      recalled,
      missing,
      unsent,
      spentUsd: spent?.costUsd,
      spentSource: spent?.costSource ?? 'unknown',
      recordedUsd: recorded?.costUsd,
      recordedSource: recorded?.costSource ?? 'unknown',
    }),
  };
};

const plus = (sum: Cost | undefined, cost: Cost): Cost => (sum === undefined ? cost : sumOf([sum, cost]));

/** The cost of a recorded call that failed. */
export const recordedCostOf = (error: JournalEntry['error']): Cost =>
  error?.costUsd === undefined
    ? unknownCost
    : { costUsd: error.costUsd, costSource: error.costSource ?? 'reported' };

/** The account of an experiment. */
export type ExperimentAccount = ReturnType<typeof experimentAccount>;
