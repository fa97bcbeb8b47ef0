import { isOfMember, type Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { JsonObject } from './asked-of.ts';

/**
 * What a client of another API learns of the votes, in the field `ensemble` of a response: how sure the answer is, what it
 * cost, which group spoke, and who disagreed.
 */
export const ensembleField = ({ metadata, outcomes }: Prediction): JsonObject => {
  const { consensus, quorum, status, confidence, votes, costUsd, costSource, latencyMs } = metadata;
  const { stoppedBy, strategy, execution, decision, grouping, missing, warnings, usage } = metadata;
  const speaker = leaderIn(votes);
  return {
    consensus,
    quorum,
    status,
    confidence,
    votes,
    cost_usd: costUsd ?? null,
    cost_source: costSource,
    // The usage of these APIs has no place for it.
    ...(usage?.isPartial === true && { usage_partial: true }),
    latency_ms: latencyMs,
    stopped_by: stoppedBy,
    strategy,
    execution,
    ...(grouping !== undefined && { grouping }),
    ...(decision !== undefined && { decision }),
    members: outcomes.filter(isOfMember).map((outcome) => memberIn(outcome, speaker)),
    missing,
    warnings,
  };
};

/** The answer with the most votes; `undefined` without votes. */
export const leaderIn = (votes: Readonly<Record<string, number>>): string | undefined =>
  Object.entries(votes).reduce<readonly [string?, number?]>(
    (leader, vote) => (vote[1] > (leader[1] ?? 0) ? vote : leader),
    [],
  )[0];

/** What a member did; with the answer that leads, whether it voted for it. */
export const memberIn = (outcome: Outcome, leader?: string): JsonObject => {
  const { model, status, latencyMs, costUsd, warning } = outcome;
  const vote = outcome.status === 'answered' ? (outcome.group ?? outcome.key) : undefined;
  return {
    model,
    status,
    ...(vote !== undefined && { vote, ...(leader !== undefined && { with_leader: vote === leader }) }),
    ...(outcome.status === 'abstained' && { reason: outcome.reason }),
    ...(outcome.status === 'failed' && { reason: outcome.error.name }),
    latency_ms: latencyMs,
    cost_usd: costUsd ?? null,
    ...(warning !== undefined && { warning }),
  };
};
