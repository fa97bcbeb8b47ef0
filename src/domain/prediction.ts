import type { FieldStandings } from './field-standing.ts';
import type { Usage } from './model.ts';
import type { CostSource, Outcome } from './outcome.ts';
import type { Query } from './request.ts';
import type { ToolCall } from './tools.ts';

/** A member of the panel without a vote. */
export interface MissingMember {
  readonly model: string;
  /** The name of the error of its call, `deadline`, or `abstained` if it responded and no response counted. */
  readonly reason: string;
}

/**
 * What ended the vote. `rule`: a stop rule, even if it stopped only after the last call. `deadline`: the `deadlineMs`, so
 * only the votes until then count. `completion`: no call was left.
 */
export type StoppedBy = 'rule' | 'deadline' | 'completion';

/** What a decider said after the votes. */
export interface Decision {
  /** The name of the decider. */
  readonly by: string;
  /**
   * `chosen`: it chose one of the answers, perhaps the one with the most votes. `written`: it wrote the answer. `kept`: the
   * votes decided, and it was not needed. `abstained` and `failed`: it had no verdict, so the votes decided.
   */
  readonly status: 'chosen' | 'written' | 'kept' | 'abstained' | 'failed';
  /** Why, in the words of the decider; or why it had no verdict. */
  readonly reason?: string;
  /** What else it found. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** How sure a prediction is, how long it took and what it cost. */
export interface PredictionMetadata {
  /**
   * The share of the votes that are for the answer, from 0 to 1; by weight if votes have weights. If a decider wrote the
   * answer, the share of the answer with the most votes.
   */
  readonly consensus: number;
  /** The share of the panel that voted, from 0 to 1: `consensus` is a share of these votes. */
  readonly quorum: number;
  /** `degraded` if a member, the decider or one of its calls failed, or `deadlineMs` passed. A member that abstained leaves it `complete`. */
  readonly status: 'complete' | 'degraded';
  /**
   * The members without a vote, in panel order: their call failed, the deadline ended it, or none of their responses
   * counted. Calls that an early stop cancelled are not missing.
   */
  readonly missing: readonly MissingMember[];
  /** The highest confidence among the votes for the answer, from 0 to 1; `undefined` if none of them has one. */
  readonly confidence: number | undefined;
  /** The votes per answer; their weight if votes have weights. */
  readonly votes: Readonly<Record<string, number>>;
  /** The consensus of each field, with the models behind each value; absent unless fields are voted on separately. */
  readonly fields?: FieldStandings;
  /** From the start of the prediction to its answer, in milliseconds. */
  readonly latencyMs: number;
  /** The sum of the known costs, in USD; `undefined` if none is known, which is not 0. */
  readonly costUsd: number | undefined;
  /**
   * `reported` if the cost of every call is known; `estimated` if some of it is an estimate; `partial` if `costUsd`
   * leaves out calls of unknown cost, and so is a lower bound; `unknown`.
   */
  readonly costSource: CostSource;
  /**
   * The upper bound of the cost, in USD, if `costUsd` is a lower bound and each call that it leaves out has a recorded
   * price, as in an experiment. Absent if there is no such bound.
   */
  readonly maxCostUsd?: number;
  /** The cost of each model that was called, in USD; `undefined` if unknown. */
  readonly costBreakdown: Readonly<Record<string, number | undefined>>;
  /**
   * The tokens of all calls and attempts, without those of responses that were paid for earlier. Its `isPartial` says that it
   * leaves out calls of unknown usage, such as cancelled ones. Absent if no call reports any.
   */
  readonly usage?: Usage;
  /** The models that were called, in panel order. */
  readonly modelsUsed: readonly string[];
  /** How many calls of members voted, failed, abstained and were cancelled; those with a role are not counted. */
  readonly successes: number;
  readonly failures: number;
  readonly abstentions: number;
  readonly cancelled: number;
  /** What ended the vote. */
  readonly stoppedBy: StoppedBy;
  /**
   * The consensus from 0 to 1 that was looked for: that of `sequential`, of `earlyStop`, of a rule `consensus`, or 1 of
   * `unanimous`. Absent if there is none.
   */
  readonly threshold?: number;
  /** What the decider said; absent without one. */
  readonly decision?: Decision;
  /** The name of the grouping; absent without one. */
  readonly grouping?: string;
  /** What the grouping did after the last vote, such as the pairs that its judge compared; absent if it tells nothing. */
  readonly refinement?: Readonly<Record<string, unknown>>;
  /** The names of the voting strategy and of the execution. */
  readonly strategy: string;
  readonly execution: string;
  /** Faults that did not prevent the prediction, such as a stop rule that threw. */
  readonly warnings: readonly string[];
}

/** One answer, how sure it is, what it cost and why. Can be written as JSON. */
export interface Prediction<Answer = unknown> {
  /** The query that was predicted. */
  readonly query: Query;
  /** The `system` of the ensemble, if the query was asked with it. */
  readonly system?: string;
  /** The answer, normalized. */
  readonly answer: Answer;
  /** The text of the winning answer, as one of its models wrote it. If it only called tools, the calls as JSON. */
  readonly text: string;
  /** The calls of tools that won, without ids; empty if no tool is to be called. Absent if the query has no tools. */
  readonly toolCalls?: readonly ToolCall[];
  readonly metadata: PredictionMetadata;
  /** The outcome of every call that was started, in panel order. */
  readonly outcomes: readonly Outcome<Answer>[];
}
