import type { CallRole } from '../domain/call-role.ts';
import type { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Distribution } from './distribution.ts';
import type { Spending } from './spending.ts';

/** The result of a query: a prediction, or the error that carries the reason and the calls. */
export type PredictionResult = Prediction | NoPredictionError;

/** Statistics of one model's calls. */
export interface ModelStats {
  readonly model: string;
  /** What the calls were for; absent for those of a member of the panel. A judge that is also a member is listed twice. */
  readonly role?: CallRole;
  /** The number of calls: the sum of the four counts below. */
  readonly calls: number;
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly cancelled: number;
  /** Latencies of the calls that ended, in milliseconds; without cancelled calls. */
  readonly latencyMs: Distribution;
  /** Costs of the calls, in USD, cancelled ones included. */
  readonly costUsd: Spending;
}

/** The number of predictions with one strategy and execution. */
export interface StrategyCount {
  readonly strategy: string;
  readonly execution: string;
  readonly count: number;
}

/** Statistics of many predictions. Contains no prompts and no answers, so it is safe to log. */
export interface Stats {
  /** The number of queries: successes and failures. */
  readonly count: number;
  /** The number of queries with a prediction. */
  readonly successes: number;
  /** The number of queries that ended with an error. */
  readonly failures: number;
  /** The proportion of queries with a prediction, 0..1; `undefined` if there are no queries. */
  readonly successShare: number | undefined;
  /** The number of predictions with members of the panel missing. */
  readonly degraded: number;
  /** Latencies of predictions, in milliseconds; errors have no latency. */
  readonly latencyMs: Distribution;
  /** Costs of queries, in USD, failed ones included. */
  readonly costUsd: Spending;
  /** The mean of the predictions' `consensus`, 0..1. */
  readonly meanConsensus: number | undefined;
  /** The mean of the predictions' `quorum`, 0..1. */
  readonly meanQuorum: number | undefined;
  /** The voting strategies and executions, in order of first appearance. */
  readonly strategies: readonly StrategyCount[];
  /** The number of queries that ended with each error, by error name. */
  readonly errors: Readonly<Record<string, number>>;
  /** The models that were called, in order of first appearance. */
  readonly models: readonly ModelStats[];
}
