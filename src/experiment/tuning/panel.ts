import type { Estimate } from '../statistics/interval.ts';

/** How the votes of a panel are counted. Lists are in the order of its members. */
export type PanelVoter =
  | { readonly rule: 'majority' }
  | { readonly rule: 'bestConfidence' }
  | { readonly rule: 'confidenceWeighted'; readonly temperature: number }
  /** Fixed weights, 0..1000, independent of the confidences. */
  | { readonly rule: 'weights'; readonly weights: readonly number[] }
  | { readonly rule: 'logOdds'; readonly accuracies: readonly number[]; readonly choices: number }
  | {
      readonly rule: 'naiveBayes';
      readonly classes: readonly string[];
      /** Whether the last entry of each list below is for all other answers. Default false. */
      readonly withOther?: boolean;
      readonly prior: readonly number[];
      /** For each member: a row for each class that is right. */
      readonly likelihoods: readonly (readonly (readonly number[])[])[];
    };

/** How the members of a panel are asked. */
export type PanelExecution =
  /** All at once; `decided` cancels the calls that can no longer change the answer. */
  | { readonly schedule: 'parallel'; readonly stop: 'never' | 'decided' }
  /** One after the other, until the rest can no longer change the answer. */
  | { readonly schedule: 'sequential'; readonly stop: 'decided' }
  /** One after the other, until the answer is probable enough. */
  | { readonly schedule: 'sequential'; readonly stop: 'confident'; readonly threshold: number }
  /** The first `votes` members at once; the others, one after the other, unless these agree. */
  | { readonly schedule: 'sequential'; readonly stop: 'agreement'; readonly votes: number };

/** The aim of a panel. */
export type Aim =
  | {
      readonly maximize: 'accuracy';
      /** The highest mean cost of a question, in USD. */
      readonly maxCostUsd?: number;
      /** The highest mean number of calls of a question. */
      readonly maxCalls?: number;
    }
  | { readonly minimize: 'cost'; readonly minAccuracy: number }
  | { readonly maximize: 'coverage'; readonly minPrecision: number };

/** The expected results of a panel on questions like those that it was tuned on, measured on held-out ones. */
export interface PanelExpectation {
  /** The share of all questions with the right answer. */
  readonly accuracy: Estimate;
  /** Calls for each question. */
  readonly calls: Estimate;
  /** USD for each question; absent if no cost of some model is known. */
  readonly costUsd?: Estimate;
  /** Whether some costs of the members are unknown and replaced by the mean of their model. Default `false`. */
  readonly isCostEstimated?: boolean;
  /** The share of questions with an answer. */
  readonly coverage: Estimate;
  /** The share of the given answers that are right. */
  readonly precision: Estimate;
}

/** An ensemble that {@link tune} chose, as plain JSON; {@link fromPanel} makes the options of an ensemble from it. */
export interface Panel {
  readonly format: 'crucible-ensemble/panel';
  readonly version: 1;
  /** The ids of the models, in the order of the panel. */
  readonly members: readonly string[];
  readonly voter: PanelVoter;
  readonly execution: PanelExecution;
  /** The lowest sureness of an answer that is given, 0..1. Default: every answer is given. */
  readonly acceptFrom?: number;
  readonly expected: PanelExpectation;
  /** How it was chosen. */
  readonly tuned: {
    readonly aim: Aim;
    readonly ballots: number;
    readonly folds: number;
    readonly seed: number | string;
  };
}
