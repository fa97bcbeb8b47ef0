import type { AbortCause } from '../domain/abort-reason.ts';
import { sumOf } from '../domain/cost.ts';
import { missingVotes } from '../domain/missing-votes.ts';
import { winnerOf } from '../domain/no-prediction.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Tally } from '../domain/tally.ts';
import { perModel } from '../engine/account.ts';
import { countOf, isFault, missingFrom } from '../engine/members.ts';
import { totalUsage } from '../engine/total-usage.ts';
import type { Settings } from './settings.ts';

/** A vote that has ended. */
interface Ended<Answer> {
  readonly settings: Settings<Answer>;
  readonly query: string;
  readonly outcomes: readonly Outcome<Answer>[];
  readonly warnings: readonly string[];
  readonly endedBy: AbortCause | undefined;
  readonly latencyMs: number;
}

/**
 * The prediction of a final tally.
 *
 * @throws {NoPredictionError} as {@link winnerOf} does.
 */
export const predictionOf = <Answer>(
  tally: Tally<Answer>,
  { settings, query, outcomes, warnings, endedBy, latencyMs }: Ended<Answer>,
): Prediction<Answer> => {
  const { voter, execution, minResponses, threshold, ids, system } = settings;
  const { consensus, confidence, votes, leadingVote, successes } = tally;
  const isCutOff = endedBy === 'deadline';
  const answer = winnerOf(tally, outcomes, { voter, minResponses, isCutOff });
  const count = countOf(outcomes);
  const missing = missingFrom(outcomes, isCutOff);
  const abstentions = missingVotes(outcomes.filter(({ status }) => status === 'abstained'));
  const { costUsd, costSource } = sumOf(outcomes);
  const usage = totalUsage(outcomes);
  return {
    query,
    ...(system && { system }),
    answer,
    text: leadingVote?.response.text ?? String(answer),
    metadata: {
      consensus,
      quorum: successes / ids.length,
      status: isCutOff || missing.some(isFault) ? 'degraded' : 'complete',
      missing,
      confidence,
      votes,
      latencyMs,
      costUsd,
      costSource,
      ...perModel(outcomes),
      ...(usage && { usage }),
      ...(threshold !== undefined && { threshold }),
      successes: count.answered,
      failures: count.failed,
      abstentions: count.abstained,
      cancelled: count.cancelled,
      strategy: voter.name,
      execution: execution.name ?? 'custom',
      stoppedBy: isCutOff ? 'deadline' : endedBy === 'stopped-early' ? 'rule' : 'completion',
      warnings: [warnings, abstentions || []].flat(),
    },
    outcomes,
  };
};
