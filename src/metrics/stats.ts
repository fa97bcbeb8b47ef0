import type { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Distribution } from './distribution.ts';
import type { Spending } from './spending.ts';

/** What became of a query: a prediction, or the error that says why there is none and what it cost. */
export type PredictionResult = Prediction | NoPredictionError;

/** What one model's calls say together. */
export interface ModelStats {
  readonly model: string;
  /** How many calls were made: the sum of the four kinds below. */
  readonly calls: number;
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly cancelled: number;
  /** How long the calls took that ended by themselves, in milliseconds; cancelled ones did not. */
  readonly latencyMs: Distribution;
  /** What the calls cost, in USD, cancelled ones too. */
  readonly costUsd: Spending;
}

/** How many predictions were made in one way. */
export interface StrategyCount {
  readonly strategy: string;
  readonly execution: string;
  readonly count: number;
}

/** What many predictions say together. Without prompts and answers, so that it is safe to log. */
export interface Stats {
  /** How many queries were asked: successes and failures. */
  readonly count: number;
  /** How many queries got a prediction. */
  readonly successes: number;
  /** How many queries got none. */
  readonly failures: number;
  /** The share of the queries that got a prediction, 0..1; `undefined` where nothing was asked. */
  readonly successShare: number | undefined;
  /** How many predictions were made with members of the panel missing. */
  readonly degraded: number;
  /** How long predictions took, in milliseconds; an error does not say how long it took. */
  readonly latencyMs: Distribution;
  /** What the queries cost, in USD, those without a prediction too. */
  readonly costUsd: Spending;
  /** The mean of the predictions' `consensus`, 0..1. */
  readonly meanConsensus: number | undefined;
  /** The mean of the predictions' `quorum`, 0..1. */
  readonly meanQuorum: number | undefined;
  /** The voting strategies and executions, in the order in which they first appear. */
  readonly strategies: readonly StrategyCount[];
  /** How many queries ended with each error, by its name. */
  readonly errors: Readonly<Record<string, number>>;
  /** The models that were asked, in the order in which they first appear. */
  readonly models: readonly ModelStats[];
}
