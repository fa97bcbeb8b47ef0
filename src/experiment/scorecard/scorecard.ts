import type { Agreement } from '../../metrics/agreement-fold.ts';
import type { ModelStats, Stats } from '../../metrics/stats.ts';
import type { CalibrationMap } from '../statistics/calibrate.ts';
import type { Calibration } from '../statistics/calibration-of.ts';
import type { Estimate } from '../statistics/interval.ts';
import type { RiskCoverage } from '../statistics/risk-coverage.ts';

/**
 * What the conditions of an experiment came to, side by side: plain JSON, so it can be written to a file and read
 * back. Shares are 0..1, costs USD, durations milliseconds; what is not known is left out. Intervals hold at 95 %.
 *
 * **`differing` has questions and answers in it, as they came**: hostile texts, to be escaped wherever they are
 * shown. Everything else is numbers, and the names of conditions, models, categories and errors.
 */
export interface Scorecard {
  readonly format: 'crucible-ensemble/scorecard';
  /** Version 1 named the counts of calls `answered`, `abstained` and `failed`; reports read both versions. */
  readonly version: 2;
  /** How many trials there were, over all conditions. */
  readonly trials: number;
  /** In the order in which they were named, or else first appear. */
  readonly conditions: readonly ConditionScore[];
  /** Each pair of conditions, or each with the baseline where there is one. */
  readonly comparisons: readonly ConditionComparison[];
  readonly differing: DifferingQuestions;
  readonly pareto: ParetoFronts;
}

/** What one condition came to. */
export interface ConditionScore {
  readonly condition: string;
  /** How many questions it was asked, and how many of these got a prediction. */
  readonly questions: number;
  readonly predicted: number;
  /** The share of the questions that got a prediction. */
  readonly coverage: Estimate | undefined;
  /** Of how many questions the right answer is known, and how many predictions are right: have a score of 1. */
  readonly labelled: number;
  readonly right: number;
  /** The share of the labelled questions that got the right answer; one without a prediction did not. */
  readonly accuracy: Estimate | undefined;
  /** The share of the predictions to labelled questions that is right. */
  readonly precision: Estimate | undefined;
  /** The mean score of the labelled questions: `accuracy`, where no answer is partly right. */
  readonly meanScore: number | undefined;
  /** What a question costs, of those whose cost is known at least in part. */
  readonly costUsd: Estimate | undefined;
  /** The share of the questions whose whole cost is known, or estimated. */
  readonly knownCostShare: number | undefined;
  /** How long a prediction takes, on average. */
  readonly latencyMs: Estimate | undefined;
  /** The latency that 0 %, 1 %, …, 100 % of the predictions take at most; empty where there are none. */
  readonly latencyQuantilesMs: readonly number[];
  readonly calls: CallCounts;
  /** Latencies, costs, consensus, errors by name, and the models' calls: quantiles within 1 %. */
  readonly stats: Stats;
  /** How far the predictions' confidence can be believed; see {@link ScoredCalibration}. */
  readonly calibration: ScoredCalibration;
  /** What happens if only sure predictions count; at most 101 points. */
  readonly riskCoverage: RiskCoverage;
  /** How the votes of the models go together; with `null` in the matrix where two never voted together. */
  readonly agreement: ScoredAgreement;
  /** The models, in the order in which they first appear. */
  readonly models: readonly ModelScore[];
  /** By category, in the order in which they first appear; the first 1,000 of them. */
  readonly categories: readonly CategoryScore[];
}

/** What became of the calls of a condition. */
export interface CallCounts {
  /** How many were made: the sum of the four below. */
  readonly made: number;
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly cancelled: number;
  /** How many were made to a question. */
  readonly perQuestion: number | undefined;
}

/** How far confidences can be believed, as they are and once they are calibrated. */
export interface ScoredCalibration {
  readonly before: Calibration;
  /** On each half of the questions, with the map that was fitted on the other half. */
  readonly after: Calibration;
  /** Fitted on all questions, for predictions to come. */
  readonly map: CalibrationMap;
}

/** An agreement as JSON has it. */
export interface ScoredAgreement extends Omit<Agreement, 'matrix'> {
  readonly matrix: readonly (readonly (number | null)[])[];
}

/** How often one model alone was right. */
export interface ModelScore extends Pick<ModelStats, 'model'> {
  /** How many times it voted on a question whose right answer is known, and how many of these votes are right. */
  readonly votes: number;
  readonly right: number;
  /** The share of its votes that is right. */
  readonly accuracy: Estimate | undefined;
}

/** What a condition came to in one category. */
export interface CategoryScore
  extends Pick<ConditionScore, 'questions' | 'predicted' | 'labelled' | 'right' | 'accuracy'> {
  readonly category: string;
}

/** Two conditions on the questions that both were asked. */
export interface ConditionComparison {
  /** The baseline, where there is one. */
  readonly first: string;
  readonly second: string;
  /** How many labelled questions both were asked: the sum of the four below. */
  readonly questions: number;
  readonly bothRight: number;
  readonly onlyFirstRight: number;
  readonly onlySecondRight: number;
  readonly neitherRight: number;
  /** How likely a difference as large as this is by chance alone: McNemar's exact test, two-sided. */
  readonly pValue: number;
  /** The same, adjusted by Holm for all comparisons of the scorecard. */
  readonly adjustedPValue: number;
  /** How much more often the second is right than the first, -1..1: the paired bootstrap. */
  readonly difference: Estimate | undefined;
  /** What the second costs, over what the first costs, on the questions whose cost is known for both. */
  readonly costRatio: number | undefined;
  /** The median latency of the second over that of the first. */
  readonly latencyRatio: number | undefined;
}

/** The labelled questions that one condition got right and another one did not. */
export interface DifferingQuestions {
  /** How many there are. */
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly DifferingQuestion[];
}

/** A question on which conditions differ, with what was said. **Texts are as they came**, but for their length. */
export interface DifferingQuestion {
  readonly id: string;
  readonly category?: string;
  readonly question: string;
  readonly expected: string;
  readonly trials: readonly DifferingTrial[];
}

/** What one condition made of such a question. */
export interface DifferingTrial {
  readonly condition: string;
  /** How right it is, 0..1. */
  readonly score: number;
  /** The answer, as it is counted; left out where there is no prediction. */
  readonly answer?: string;
  /** The share of the votes behind it; left out where there is no prediction. */
  readonly consensus?: number;
  /** The name of the error that says why there is none. */
  readonly error?: string;
  readonly calls: readonly DifferingCall[];
}

/** What one call came to. */
export interface DifferingCall {
  readonly model: string;
  readonly status: 'answered' | 'abstained' | 'failed' | 'cancelled';
  /** The answer that was found in the text, as it is counted. */
  readonly answer?: string;
  /** What the model wrote. */
  readonly text?: string;
  /** The name of the error that the call failed with. */
  readonly error?: string;
}

/** The conditions that no other one beats in both, from the least to the most: names. */
export interface ParetoFronts {
  /** More accurate than every condition that costs as much or less. */
  readonly costAccuracy: readonly string[];
  /** More accurate than every condition whose median latency is as long or less; without those of 0. */
  readonly latencyAccuracy: readonly string[];
}
