import { answerKey } from './answer-key.ts';
import { cancelled, type LedgerEntry } from './call.ts';
import { now } from './clock.ts';
import { AllModelsFailedError, InsufficientResponsesError, NoConsensusError } from './errors.ts';
import type { Outcome } from './outcome.ts';
import type { Prediction } from './prediction.ts';
import type { Query } from './query.ts';
import type { Tally } from './tally.ts';

/** What a prediction is made of besides its final tally. */
export interface Proceedings<Answer> {
  readonly query: Query;
  readonly startedAtMs: number;
  readonly ledger: readonly LedgerEntry<Answer>[];
  readonly minResponses: number;
  readonly strategy: string;
  readonly execution: string;
  readonly warnings: readonly string[];
}

/** What became of every call that was started, in the order of the panel; one still out counts as cancelled. */
export const accountOf = <Answer>(ledger: readonly LedgerEntry<Answer>[]): Outcome<Answer>[] =>
  ledger.map((entry) => entry.outcome ?? cancelled(entry)).sort((a, b) => a.index - b.index);

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
  const { query, startedAtMs, ledger, minResponses, strategy, execution, warnings } = proceedings;
  const outcomes = accountOf(ledger);
  if (tally.cast === 0 && tally.failed > 0 && tally.abstained === 0) throw new AllModelsFailedError(outcomes);
  if (tally.cast < minResponses || tally.cast === 0) {
    throw new InsufficientResponsesError(tally.cast, Math.max(minResponses, 1), outcomes);
  }
  if (tally.leader === undefined) throw new NoConsensusError(strategy, tally.votes, outcomes);

  const count = { answered: 0, abstained: 0, failed: 0, cancelled: 0 };
  const costs = new Map<string, number | undefined>();
  let known = 0;
  for (const { model, status, costUsd } of outcomes) {
    count[status] += 1;
    if (costUsd !== undefined) known += 1;
    const soFar = costs.get(model);
    costs.set(model, soFar === undefined ? costUsd : soFar + (costUsd ?? 0));
  }
  return {
    query,
    answer: tally.leader,
    text: tally.leadingVote?.response.text ?? answerKey(tally.leader),
    metadata: {
      consensus: tally.consensus,
      confidence: tally.confidence,
      votes: tally.votes,
      latencyMs: now() - startedAtMs,
      costUsd: known === 0 ? undefined : outcomes.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0),
      costSource: known === 0 ? 'unknown' : known === outcomes.length ? 'reported' : 'partial',
      costBreakdown: Object.fromEntries(costs),
      modelsUsed: Array.from(costs.keys()),
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
