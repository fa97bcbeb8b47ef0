import type { CallRole } from '../../domain/call-role.ts';
import type { CostSource, Outcome } from '../../domain/outcome.ts';
import type { Distribution } from '../../metrics/distribution.ts';
import type { Alert } from './alert.ts';

/** A prediction that has ended. */
export interface RecentPrediction {
  /** The id of the request. */
  readonly id: string;
  readonly ensemble: string;
  /** The name of the key; absent without keys. */
  readonly caller?: string | undefined;
  readonly route: string;
  /** When the request came, in ISO 8601. */
  readonly startedAt: string;
  readonly latencyMs: number;
  /** The share of the votes for the answer, from 0 to 1; absent without a prediction. */
  readonly consensus?: number;
  readonly costUsd: number | undefined;
  readonly costSource: CostSource;
  /** How many calls of members ended with each status. */
  readonly calls: Readonly<Partial<Record<Outcome['status'], number>>>;
  /** The code of the failure; absent if there is a prediction. */
  readonly failure?: string;
  /** The question, truncated; absent unless `content` is allowed. */
  readonly question?: string;
  /** The answer, truncated; absent unless `content` is allowed, or without a prediction. */
  readonly answer?: string;
}

/** What the calls of one model in one ensemble did since the server started. */
export interface MemberSummary {
  readonly ensemble: string;
  readonly model: string;
  /** What the calls were for; absent for those of a member. */
  readonly role?: CallRole;
  readonly calls: number;
  readonly failures: number;
  /** How many of the votes were for the answer with the most votes. */
  readonly agreed: number;
  readonly votes: number;
  readonly latencyMs: Pick<Distribution, 'p50' | 'p95'>;
  /** The latencies of the last calls, in milliseconds, the newest last. */
  readonly lastMs: readonly number[];
}

/** What the predictions of one key cost on one day. */
export interface DailySpending {
  /** The name of the key; absent without keys. */
  readonly caller?: string | undefined;
  /** The day in UTC, such as `2026-11-30`. */
  readonly day: string;
  readonly predictions: number;
  /** The sum of the known costs, in USD. */
  readonly usd: number;
  /** How many predictions cost more than `usd` says, by an unknown amount. */
  readonly unknownCosts: number;
}

/** The state of a server, as its page shows it. */
export interface Watched {
  /** How many predictions are in flight. */
  readonly inFlight: number;
  /** How many predictions have ended since the server started. */
  readonly ended: number;
  /** The newest first. */
  readonly recent: readonly RecentPrediction[];
  readonly members: readonly MemberSummary[];
  /** The newest day first. */
  readonly spending: readonly DailySpending[];
  /** The newest first. */
  readonly alerts: readonly Alert[];
  /** How many alerts did not reach the webhook. */
  readonly undelivered: number;
}
