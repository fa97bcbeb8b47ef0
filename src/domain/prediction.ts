import type { Outcome } from './outcome.ts';
import type { Query } from './request.ts';

/** A member of the panel that could not take part, and why. */
export interface MissingMember {
  readonly model: string;
  /** The name of the error that its call failed with, or `deadline`. */
  readonly reason: string;
}

/** How sure a prediction is, what it took, and what it cost. */
export interface PredictionMetadata {
  /** The share of the cast votes that stand behind the answer, 0..1, by weight where votes have weights. */
  readonly consensus: number;
  /** The share of the panel that voted, 0..1: what `consensus` is a share of. */
  readonly quorum: number;
  /** `degraded` where members are missing; not where calls were aborted because they no longer mattered. */
  readonly status: 'complete' | 'degraded';
  /** The members whose calls failed, or were cut off by the deadline, in the order of the panel. */
  readonly missing: readonly MissingMember[];
  /** The highest confidence among the votes for the answer, 0..1, where any of them gave one. */
  readonly confidence: number | undefined;
  /** Votes per answer, by weight where votes have weights. */
  readonly votes: Readonly<Record<string, number>>;
  /** From subscription to the answer, in milliseconds. */
  readonly latencyMs: number;
  /** The sum of the costs that are known, in USD; `undefined` where none is, which is not 0. */
  readonly costUsd: number | undefined;
  /**
   * `reported` where the cost of every call is known, `estimated` where it is and some of it is an estimate,
   * `partial` where `costUsd` leaves calls out.
   */
  readonly costSource: 'reported' | 'estimated' | 'partial' | 'unknown';
  /** The cost of each model that was asked, in USD; `undefined` where it is not known. */
  readonly costBreakdown: Readonly<Record<string, number | undefined>>;
  /** The models that were asked, in the order of the panel. */
  readonly modelsUsed: readonly string[];
  /** How many calls were votes, failed, answered without a usable answer, and were aborted. */
  readonly successes: number;
  readonly failures: number;
  readonly abstentions: number;
  readonly cancelled: number;
  /** The names of the voting strategy and of the execution. */
  readonly strategy: string;
  readonly execution: string;
  /** What went wrong without costing the prediction, such as a stop rule that threw. */
  readonly warnings: readonly string[];
}

/** One answer, with how sure it is, what it cost, and why. Safe to write as JSON. */
export interface Prediction<Answer = unknown> {
  /** What was asked. */
  readonly query: Query;
  /** The answer, normalized. */
  readonly answer: Answer;
  /** What the winning side actually said: the response of the vote that speaks for it. */
  readonly text: string;
  readonly metadata: PredictionMetadata;
  /** What became of every call that was started, in the order of the panel. */
  readonly outcomes: readonly Outcome<Answer>[];
}
