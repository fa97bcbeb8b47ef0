import type { JurorGrade } from '../../deciders/jury/jury-verdict.ts';
import type { Grade } from '../../deciders/jury/scale.ts';
import type { CallRole } from '../../domain/call-role.ts';
import type { Agreement } from '../../metrics/agreement-fold.ts';
import type { ModelStats, Stats } from '../../metrics/stats.ts';
import type { LeftOutCounts } from '../left-out.ts';
import type { CalibrationMap } from '../statistics/calibrate.ts';
import type { Calibration } from '../statistics/calibration-of.ts';
import type { Estimate } from '../statistics/interval.ts';
import type { RiskCoverage } from '../statistics/risk-coverage.ts';
import type { Cause } from './cause.ts';

/**
 * The results of the conditions of an experiment, compared: plain JSON, so it can be written to a file and read back.
 * Proportions are 0..1, costs USD, durations milliseconds. Unknown values are left out. Intervals are at 95 %.
 *
 * **`differing` and `reviews` contain questions and answers as received**, and `causes` the messages of errors: escape these untrusted
 * texts wherever they are shown. Everything else is numbers and the names of conditions, models, categories and errors.
 */
export interface Scorecard {
  readonly format: 'crucible-ensemble/scorecard';
  /** Version 1 named the counts of calls `answered`, `abstained` and `failed`; reports read both versions. */
  readonly version: 2;
  /** The number of trials over all conditions. */
  readonly trials: number;
  /** Why there are not all trials, as a sentence of a report, such as `Interrupted after 12 of 40 questions`. Absent if complete. */
  readonly stopped?: string;
  /** In the order of the option `conditions`, or of appearance. */
  readonly conditions: readonly ConditionScore[];
  /**
   * Each pair of conditions or, if there is a baseline, each other condition with it, on the questions that both have a
   * score for. A pair without such a question has no comparison. Nor has a condition if more than 5 % of its questions are
   * left out or were answered by a reduced panel.
   */
  readonly comparisons: readonly ConditionComparison[];
  readonly differing: DifferingQuestions;
  /** The verdicts of a jury that its option `review` marks. Absent without such verdicts. */
  readonly reviews?: ScorecardReviews;
  readonly pareto: ParetoFronts;
}

/** The results of one condition. */
export interface ConditionScore {
  readonly condition: string;
  /** The number of questions, with those that are left out. */
  readonly questions: number;
  /**
   * The questions that are left out of every other figure: they have too few votes because calls failed, or a call is not
   * recorded. Absent before release 0.2.0.
   */
  readonly leftOut?: LeftOutCounts;
  /** The number of questions that were answered although calls of the panel failed. Absent before release 0.2.0. */
  readonly reduced?: number;
  /** The number of questions with a prediction. */
  readonly predicted: number;
  /** The proportion of questions with a prediction. */
  readonly coverage: Estimate | undefined;
  /** The number of questions with a score: the right answer is known, and the question is not left out. */
  readonly labelled: number;
  /** The number of labelled questions with a right prediction: a score of 1. */
  readonly right: number;
  /**
   * The proportion of labelled questions with the right answer; a question without a prediction counts as wrong. Left out if
   * no labelled question has a prediction: then nothing was measured.
   */
  readonly accuracy: Estimate | undefined;
  /** The proportion of predictions for labelled questions that are right. */
  readonly precision: Estimate | undefined;
  /** The mean score of the labelled questions; it equals `accuracy` unless answers are partly right. */
  readonly meanScore: number | undefined;
  /**
   * The mean cost of the questions with a cost that is known at least in part. It is the cost of a question only if
   * `knownCostShare` is 1; otherwise calls are left out of it, and `stats.costUsd` has the bounds of the sum.
   */
  readonly costUsd: Estimate | undefined;
  /** The proportion of questions with a cost that is fully known or estimated. */
  readonly knownCostShare: number | undefined;
  /** The mean latency of predictions. */
  readonly latencyMs: Estimate | undefined;
  /** The latency that 0 %, 1 %, …, 100 % of the predictions do not exceed; empty if there are no predictions. */
  readonly latencyQuantilesMs: readonly number[];
  readonly calls: CallCounts;
  /** Latencies, costs, consensus, errors by name, and the calls of each model; quantiles are within 1 %. */
  readonly stats: Stats;
  /** The calibration of the confidences; see {@link ScoredCalibration}. */
  readonly calibration: ScoredCalibration;
  /** Risk and coverage if only confident predictions count; at most 101 points. */
  readonly riskCoverage: RiskCoverage;
  /** The agreement of the models' votes; the matrix has `null` for models that never voted together. */
  readonly agreement: ScoredAgreement;
  /** The models, in order of first appearance. */
  readonly models: readonly ModelScore[];
  /** Failures, abstentions, missing records and warnings, with one example each. Absent before release 0.2.0. */
  readonly causes?: readonly Cause[];
  /** By category, in order of first appearance; the first 1,000 categories. */
  readonly categories: readonly CategoryScore[];
}

/** Counts of a condition's calls, with the names of the prediction's `metadata`. */
export interface CallCounts {
  /**
   * The number of calls: those of members, which are the sum of the four counts below, and those with a role, such as the
   * calls of a judge. Calls that a policy refused are not counted: nothing was sent.
   */
  readonly made: number;
  readonly successes: number;
  readonly abstentions: number;
  readonly failures: number;
  readonly cancelled: number;
  /** The mean number of calls for a question. */
  readonly perQuestion: number | undefined;
}

/** The calibration of confidences before and after fitting a map. */
export interface ScoredCalibration {
  readonly before: Calibration;
  /** Each half of the questions, calibrated with the map fitted to the other half. */
  readonly after: Calibration;
  /** The map fitted to all questions, for future predictions. */
  readonly map: CalibrationMap;
}

/** An agreement in JSON. */
export interface ScoredAgreement extends Omit<Agreement, 'matrix'> {
  readonly matrix: readonly (readonly (number | null)[])[];
}

/** The accuracy of a single model. */
export interface ModelScore extends Pick<ModelStats, 'model'> {
  /** The number of its votes on labelled questions. */
  readonly votes: number;
  /** The number of these votes that are right. */
  readonly right: number;
  /** The proportion of its votes that are right. */
  readonly accuracy: Estimate | undefined;
}

/** The results of a condition in one category. */
export interface CategoryScore
  extends Pick<ConditionScore, 'questions' | 'predicted' | 'labelled' | 'right' | 'accuracy'> {
  readonly category: string;
}

/** A comparison of two conditions on the questions that both have trials of. */
export interface ConditionComparison {
  /** The baseline, if there is one. */
  readonly first: string;
  readonly second: string;
  /** The number of labelled questions in both: the sum of the four counts below. */
  readonly questions: number;
  readonly bothRight: number;
  readonly onlyFirstRight: number;
  readonly onlySecondRight: number;
  readonly neitherRight: number;
  /** The probability of a difference at least this large by chance: McNemar's exact test, two-sided. */
  readonly pValue: number;
  /** The p-value, adjusted by Holm for all comparisons of the scorecard. */
  readonly adjustedPValue: number;
  /** The accuracy of the second minus that of the first, -1..1: the paired bootstrap. */
  readonly difference: Estimate | undefined;
  /** The cost of the second divided by that of the first; `undefined` if a cost of either leaves out calls. */
  readonly costRatio: number | undefined;
  /** The bounds of that ratio, if it is not known and the calls that are left out have recorded prices. */
  readonly costRatioBounds?: { readonly low: number; readonly high: number };
  /** The median latency of the second divided by that of the first. */
  readonly latencyRatio: number | undefined;
}

/** The labelled questions that one condition got right and another one got wrong. */
export interface DifferingQuestions {
  /** The number of such questions. */
  readonly count: number;
  /** The first of them, with answers. */
  readonly examples: readonly DifferingQuestion[];
}

/** A question on which conditions differ, with the answers. **Texts are as received**, but truncated. */
export interface DifferingQuestion {
  readonly id: string;
  readonly category?: string;
  readonly question: string;
  readonly expected: string;
  readonly trials: readonly DifferingTrial[];
}

/** The result of one condition for such a question. */
export interface DifferingTrial {
  readonly condition: string;
  /** The score, 0..1. */
  readonly score: number;
  /** The key of the answer; left out if there is no prediction. */
  readonly answer?: string;
  /** The consensus, 0..1; left out if there is no prediction. */
  readonly consensus?: number;
  /** The name of the error, if there is no prediction. */
  readonly error?: string;
  readonly calls: readonly DifferingCall[];
}

/** The result of one call. */
export interface DifferingCall {
  readonly model: string;
  /** What the call was for, if it is no vote. */
  readonly role?: CallRole;
  readonly status: 'answered' | 'abstained' | 'failed' | 'cancelled';
  /** The key of the answer found in the text; with a grouping, that of the answer for which it counted. */
  readonly answer?: string;
  /** The text of the response. */
  readonly text?: string;
  /** The name of the call's error. */
  readonly error?: string;
}

/** The verdicts of a jury that are marked for a person. */
export interface ScorecardReviews {
  readonly count: number;
  /** The first of them, with answers. */
  readonly examples: readonly ReviewedAnswer[];
}

/** An answer that a person should look at. **Texts are as received**, but truncated. */
export interface ReviewedAnswer extends Omit<DifferingQuestion, 'trials' | 'expected'> {
  readonly expected?: string;
  readonly condition: string;
  readonly answer: string;
  /** The verdict; left out without one. */
  readonly grade?: Grade;
  /** Why it is marked. */
  readonly review: string;
  readonly jurors: readonly ReviewedGrade[];
}

/** What a juror says of such an answer. */
export interface ReviewedGrade extends Pick<JurorGrade, 'juror' | 'reason' | 'fault'> {
  readonly grade?: Grade;
}

/** The names of the conditions that no other one beats in both measures, in ascending order of cost or latency. */
export interface ParetoFronts {
  /**
   * More accurate than every condition with the same or lower cost. A condition whose cost leaves out calls is not compared,
   * unless these calls have recorded prices. Then it is listed if this holds for every cost between its bounds.
   */
  readonly costAccuracy: readonly string[];
  /** More accurate than every condition with the same or lower median latency, except latencies of 0. */
  readonly latencyAccuracy: readonly string[];
}
