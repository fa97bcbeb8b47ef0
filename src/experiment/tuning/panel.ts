import type { Estimate } from '../statistics/interval.ts';

/** How a panel's votes are counted: lists are in the order of its members. */
export type PanelVoter =
  | { readonly rule: 'majority' }
  | { readonly rule: 'bestConfidence' }
  | { readonly rule: 'confidenceWeighted'; readonly temperature: number }
  /** A vote weighs what its model does, whatever its confidence; 0..1000. */
  | { readonly rule: 'weights'; readonly weights: readonly number[] }
  | { readonly rule: 'logOdds'; readonly accuracies: readonly number[]; readonly choices: number }
  | {
      readonly rule: 'naiveBayes';
      readonly classes: readonly string[];
      readonly prior: readonly number[];
      /** For each member, a row for each class that is right. */
      readonly likelihoods: readonly (readonly (readonly number[])[])[];
    };

/** How a panel's members are asked. */
export type PanelExecution =
  /** All at once; `decided` aborts what can no longer change the answer. */
  | { readonly schedule: 'parallel'; readonly stop: 'never' | 'decided' }
  /** One after the other, until the rest can no longer change the answer. */
  | { readonly schedule: 'sequential'; readonly stop: 'decided' }
  /** One after the other, until the answer is probable enough. */
  | { readonly schedule: 'sequential'; readonly stop: 'confident'; readonly threshold: number }
  /** The first so many at once; the others, one after the other, only where these do not all agree. */
  | { readonly schedule: 'sequential'; readonly stop: 'agreement'; readonly votes: number };

/** What is to be got out of a panel. */
export type Aim =
  | {
      readonly maximize: 'accuracy';
      /** The most that a question may cost on average, in USD. */
      readonly maxCostUsd?: number;
      /** The most calls that a question may take on average. */
      readonly maxCalls?: number;
    }
  | { readonly minimize: 'cost'; readonly minAccuracy: number }
  | { readonly maximize: 'coverage'; readonly minPrecision: number };

/** What a panel may be expected to do on questions like those that it was tuned on: measured on held-out ones. */
export interface PanelExpectation {
  /** The share of all questions that get the right answer. */
  readonly accuracy: Estimate;
  /** Calls to a question. */
  readonly calls: Estimate;
  /** USD to a question; left out where not all costs are known. */
  readonly costUsd?: Estimate;
  /** The share of questions that get an answer at all. */
  readonly coverage: Estimate;
  /** The share of the answers given that are right. */
  readonly precision: Estimate;
}

/** An ensemble that was chosen on evidence, as plain JSON: `fromPanel` makes it one that runs. */
export interface Panel {
  readonly format: 'crucible-ensemble/panel';
  readonly version: 1;
  /** The ids of the models, in the order of the panel. */
  readonly members: readonly string[];
  readonly voter: PanelVoter;
  readonly execution: PanelExecution;
  /** Answers that are less sure than this, 0..1, are held back; all are given where it is left out. */
  readonly acceptFrom?: number;
  readonly expected: PanelExpectation;
  /** What it was chosen on, and for what. */
  readonly tuned: {
    readonly aim: Aim;
    readonly ballots: number;
    readonly folds: number;
    readonly seed: number | string;
  };
}
