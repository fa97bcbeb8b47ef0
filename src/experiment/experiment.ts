/**
 * Experiments: conditions over a dataset, recorded once and rescored without calls.
 *
 * - `journal`: the record of paid calls, found again by key.
 * - `rescoring`: conditions performed on recorded calls, in virtual time.
 * - `scorers`: how right an answer is.
 * - `scorecard`: the results of the conditions, compared.
 * - `statistics`: estimates, intervals and tests, with the sources of their formulas.
 * - `tuning`: panels and weights fitted to questions with known answers.
 * - `training`: examples for fine-tuning a small model.
 */

export { type Jury, type JuryOptions, jury } from '../deciders/jury.ts';
export { JournalCorruptError, JournalLockedError, JournalWriteError } from '../domain/errors.ts';
export type { ConditionOptions, Conditions } from './condition.ts';
export type { ExperimentProgress } from './experiment-account.ts';
export type { ExperimentPolicies } from './experiment-policies.ts';
export { fingerprintOf } from './journal/fingerprint.ts';
export type { Journal, JournalEntry } from './journal/journal.ts';
export { callKey } from './journal/journal-key.ts';
export { type JournaledOptions, journaled } from './journal/journaled.ts';
export { memoryJournal } from './journal/memory-journal.ts';
export { recordedModel } from './journal/recorded-model.ts';
export {
  type GradeAllOptions,
  type Graded,
  type GradeOptions,
  grade,
  gradeAll,
  type JuryItem,
} from './jury/grade.ts';
export type { AgainstLabels, JurorReport } from './jury/juror-report.ts';
export {
  gradedIn,
  type JurorPair,
  type JuryReport,
  type JuryReportOptions,
  juryReport,
} from './jury/jury-report.ts';
export { juryTable } from './jury/jury-table.ts';
export type { LeftOutCounts } from './left-out.ts';
export { type Choices, matrix } from './matrix.ts';
export { ModelUnavailableError } from './model-unavailable-error.ts';
export type { Dataset, Question } from './question.ts';
export { type RescoreOptions, rescore } from './rescoring/rescore.ts';
export { type ExperimentOptions, runExperiment } from './run-experiment.ts';
export { type SampleOptions, sample } from './sample.ts';
export type { Cause, CauseKind } from './scorecard/cause.ts';
export { scorecard } from './scorecard/score.ts';
export type {
  CallCounts,
  CategoryScore,
  ConditionComparison,
  ConditionScore,
  DifferingCall,
  DifferingQuestion,
  DifferingQuestions,
  DifferingTrial,
  ModelScore,
  ParetoFronts,
  ReviewedAnswer,
  ReviewedGrade,
  Scorecard,
  ScorecardReviews,
  ScoredAgreement,
  ScoredCalibration,
} from './scorecard/scorecard.ts';
export { type ScorecardFold, type ScorecardOptions, scorecardFold } from './scorecard/scorecard-fold.ts';
export { scorecardTable } from './scorecard/scorecard-table.ts';
export { type ExactOptions, exact } from './scorers/exact.ts';
export { type JudgeOptions, judge } from './scorers/judge.ts';
export { type MatchingOptions, matching } from './scorers/matching.ts';
export { type SameSetOptions, sameSet } from './scorers/same-set.ts';
export type { Scorer, ScoringContext } from './scorers/scorer.ts';
export { type Tolerance, within } from './scorers/within.ts';
export { SpendingLimitError } from './spending-limit-error.ts';
export {
  type BradleyTerryOptions,
  bradleyTerry,
  type PairResult,
  type Strength,
} from './statistics/bradley-terry.ts';
export {
  type CalibrationMap,
  calibrate,
  type IsotonicMap,
  type LogisticMap,
} from './statistics/calibrate.ts';
export {
  type Calibration,
  type CalibrationOptions,
  calibrationOf,
  type ReliabilityBin,
} from './statistics/calibration-of.ts';
export { type CohenKappaOptions, cohenKappa } from './statistics/cohen-kappa.ts';
export type { ConfidencePair } from './statistics/confidence-group.ts';
export { type FitCalibrationOptions, fitCalibration } from './statistics/fit-calibration.ts';
export { fleissKappa } from './statistics/fleiss-kappa.ts';
export { holm } from './statistics/holm.ts';
export {
  type IndependentMember,
  type IndependentReliabilityOptions,
  independentReliability,
} from './statistics/independent-reliability.ts';
export type { Estimate, Interval, IntervalOptions } from './statistics/interval.ts';
export {
  type IntraclassCorrelationOptions,
  intraclassCorrelation,
} from './statistics/intraclass-correlation.ts';
export {
  type KrippendorffAlphaOptions,
  krippendorffAlpha,
} from './statistics/krippendorff-alpha.ts';
export { type McNemarOptions, mcnemar } from './statistics/mcnemar.ts';
export { meanInterval } from './statistics/mean-interval.ts';
export { type PairedDifferenceOptions, pairedDifference } from './statistics/paired-difference.ts';
export type { Rating, RatingRow } from './statistics/ratings.ts';
export {
  type PanelAccuracy,
  type ReliabilityCurve,
  type ReliabilityCurveOptions,
  type ReliabilityPoint,
  reliabilityCurve,
} from './statistics/reliability-curve.ts';
export {
  type CoverageAtPrecision,
  type RiskCoverage,
  type RiskCoverageOptions,
  type RiskCoveragePoint,
  riskCoverage,
} from './statistics/risk-coverage.ts';
export { wilsonInterval } from './statistics/wilson-interval.ts';
export {
  type FineTuningExampleOptions,
  type FineTuningFormat,
  fineTuningExample,
  type GeminiExample,
  type OpenAIExample,
} from './training/fine-tuning-example.ts';
export type { Trial } from './trial.ts';
export type { AimMiss } from './tuning/aim-misses.ts';
export type { ShareName } from './tuning/expectation.ts';
export { fitDawidSkene } from './tuning/fit-dawid-skene.ts';
export { fitLogOdds } from './tuning/fit-log-odds.ts';
export { fitNaiveBayes } from './tuning/fit-naive-bayes.ts';
export { fitOneCoin } from './tuning/fit-one-coin.ts';
export { fitTemperature } from './tuning/fit-temperature.ts';
export { fitWawa } from './tuning/fit-wawa.ts';
export { type FromPanelOptions, fromPanel, type PanelOptions } from './tuning/from-panel.ts';
export type { LabelledBallot, RecordedVote, UnlabelledBallot } from './tuning/labelled-ballot.ts';
export { type LabelledBallotsOptions, labelledBallots } from './tuning/labelled-ballots.ts';
export type {
  Aim,
  Panel,
  PanelExecution,
  PanelExpectation,
  PanelVoter,
} from './tuning/panel.ts';
export type { BaselineName, Comparison } from './tuning/settle.ts';
export { type Tuned, tune } from './tuning/tune.ts';
export { type TuneEvent, tune$ } from './tuning/tune-events.ts';
export type { ModelCalls, TuneOptions } from './tuning/tune-options.ts';
