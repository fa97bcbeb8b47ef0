import { answerKey } from '../domain/answer-key.ts';
import {
  AllModelsFailedError,
  InsufficientResponsesError,
  NoConsensusError,
} from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { MissingMember, Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import type { Tally } from '../domain/tally.ts';
import type { Clock } from '../time/clock.ts';
import { type Ledger, totalCost } from './account.ts';

/** What is made of the end of an election. */
export interface Conclusion<Answer, Result> {
  /** Told of the tally after each outcome; where left out, none is taken that no rule asks for. */
  heard?(tally: Tally<Answer>): void;
  conclude(tally: Tally<Answer>): Result;
  explain(error: unknown): unknown;
}

/** What a prediction is made of besides its final tally. */
export interface Proceedings<Answer> {
  readonly query: Query;
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly ledger: Pick<Ledger<Answer>, 'account'>;
  readonly minResponses: number;
  readonly strategy: string;
  readonly execution: string;
  readonly warnings: readonly string[];
  /** The ids of the panel, as often as each is asked. */
  readonly panel: readonly string[];
  /** Whether the deadline ended the election. */
  readonly isCutOff: boolean;
}

/** A member that was asked twice is missing once, and not where one of its calls has answered. */
const missingFrom = (outcomes: readonly Outcome[], isCutOff: boolean): MissingMember[] => {
  const settled = new Set<number>();
  for (const { index, status } of outcomes) {
    if (status === 'answered' || status === 'abstained') settled.add(index);
  }
  return outcomes.flatMap((outcome) => {
    const { model, index, status } = outcome;
    const reason =
      status === 'failed' ? outcome.error.name : status === 'cancelled' && isCutOff ? 'deadline' : undefined;
    if (reason === undefined || settled.has(index)) return [];
    settled.add(index);
    return [{ model, reason }];
  });
};

/**
 * The prediction that a final tally amounts to.
 *
 * @throws {AllModelsFailedError} where no call succeeded, {@link InsufficientResponsesError} where too few
 * voted, {@link NoConsensusError} where the votes have no winner.
 */
export const conclude = <Answer>(
  tally: Tally<Answer>,
  proceedings: Proceedings<Answer>,
): Prediction<Answer> => {
  const { query, clock, startedAtMs, ledger, minResponses, strategy, execution, warnings, panel, isCutOff } =
    proceedings;
  const outcomes = ledger.account();
  if (tally.successes === 0 && tally.failures > 0 && tally.abstentions === 0)
    throw new AllModelsFailedError(outcomes);
  if (tally.successes < minResponses || tally.successes === 0) {
    throw new InsufficientResponsesError(tally.successes, Math.max(minResponses, 1), outcomes, isCutOff);
  }
  if (tally.leader === undefined) throw new NoConsensusError(strategy, tally.votes, outcomes);

  const count = { answered: 0, abstained: 0, failed: 0, cancelled: 0 };
  for (const { status } of outcomes) count[status] += 1;
  const { costUsd, costSource, costBreakdown, modelsUsed } = totalCost(outcomes);
  const missing = count.failed > 0 || isCutOff ? missingFrom(outcomes, isCutOff) : [];
  return {
    query,
    answer: tally.leader,
    text: tally.leadingVote?.response.text ?? answerKey(tally.leader),
    metadata: {
      consensus: tally.consensus,
      quorum: tally.successes / panel.length,
      status: missing.length === 0 ? 'complete' : 'degraded',
      missing,
      confidence: tally.confidence,
      votes: tally.votes,
      latencyMs: clock() - startedAtMs,
      costUsd,
      costSource,
      costBreakdown,
      modelsUsed,
      successes: count.answered,
      failures: count.failed,
      abstentions: count.abstained,
      cancelled: count.cancelled,
      strategy,
      execution,
      warnings,
    },
    outcomes,
  };
};
