import { answerKey } from './answer-key.ts';
import type { StartedCall } from './call.ts';
import type { Clock } from './clock.ts';
import { AllModelsFailedError, InsufficientResponsesError, NoConsensusError } from './errors.ts';
import type { Outcome } from './outcome.ts';
import type { Prediction } from './prediction.ts';
import type { Query } from './query.ts';
import { toRecord } from './record.ts';
import type { Tally } from './tally.ts';

/** What a prediction is made of besides its final tally. */
export interface Proceedings<Answer> {
  readonly query: Query;
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly ledger: readonly StartedCall<Answer>[];
  readonly minResponses: number;
  readonly strategy: string;
  readonly execution: string;
  readonly warnings: readonly string[];
}

/** What became of every call that was started, in the order of the panel; one still out counts as cancelled. */
export const accountOf = <Answer>(ledger: readonly StartedCall<Answer>[]): Outcome<Answer>[] =>
  ledger.map((started) => started.outcome ?? started.whenCancelled()).sort((a, b) => a.index - b.index);

/** A sum of costs where an unknown one adds nothing, and is no 0 either. */
const plus = (sum: number | undefined, costUsd: number | undefined): number | undefined =>
  costUsd === undefined ? sum : (sum ?? 0) + costUsd;

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
  const { query, clock, startedAtMs, ledger, minResponses, strategy, execution, warnings } = proceedings;
  const outcomes = accountOf(ledger);
  if (tally.cast === 0 && tally.failed > 0 && tally.abstained === 0) throw new AllModelsFailedError(outcomes);
  if (tally.cast < minResponses || tally.cast === 0) {
    throw new InsufficientResponsesError(tally.cast, Math.max(minResponses, 1), outcomes);
  }
  if (tally.leader === undefined) throw new NoConsensusError(strategy, tally.votes, outcomes);

  const count = { answered: 0, abstained: 0, failed: 0, cancelled: 0 };
  const costs = new Map<string, number | undefined>();
  let costUsd: number | undefined;
  let known: 'reported' | 'estimated' | 'partial' = 'reported';
  for (const outcome of outcomes) {
    count[outcome.status] += 1;
    costUsd = plus(costUsd, outcome.costUsd);
    costs.set(outcome.model, plus(costs.get(outcome.model), outcome.costUsd));
    if (outcome.costUsd === undefined) known = 'partial';
    else if (outcome.costSource === 'estimated' && known === 'reported') known = 'estimated';
  }
  return {
    query,
    answer: tally.leader,
    text: tally.leadingVote?.response.text ?? answerKey(tally.leader),
    metadata: {
      consensus: tally.consensus,
      confidence: tally.confidence,
      votes: tally.votes,
      latencyMs: clock() - startedAtMs,
      costUsd,
      costSource: costUsd === undefined ? 'unknown' : known,
      costBreakdown: toRecord(costs, (cost) => cost),
      modelsUsed: [...costs.keys()],
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
