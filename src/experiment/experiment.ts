/** Experiments: conditions over a dataset, recorded once and rescored for free. */

export type { Conditions } from './condition.ts';
export type { ExperimentProgress } from './experiment-account.ts';
export {
  type FineTuningExampleOptions,
  type FineTuningFormat,
  fineTuningExample,
  type GeminiExample,
  type OpenAIExample,
} from './fine-tuning-example.ts';
export { fingerprintOf } from './fingerprint.ts';
// Panels chosen on evidence
export { type FromPanelOptions, fromPanel, type PanelOptions } from './from-panel.ts';
export type { Journal, JournalEntry } from './journal.ts';
export { callKey } from './journal-key.ts';
export { type JournaledOptions, journaled } from './journaled.ts';
// What models said to questions of which the right answer is known
export type { LabelledBallot, RecordedVote, UnlabelledBallot } from './labelled-ballot.ts';
export { type LabelledBallotsOptions, labelledBallots } from './labelled-ballots.ts';
export { type Choices, matrix } from './matrix.ts';
export { memoryJournal } from './memory-journal.ts';
export type {
  Aim,
  Estimate,
  Panel,
  PanelExecution,
  PanelExpectation,
  PanelVoter,
} from './panel.ts';
export type { Dataset, Question } from './question.ts';
export { recordedModel } from './recorded-model.ts';
export { type RescoreOptions, rescore } from './rescore.ts';
export { type ExperimentOptions, runExperiment } from './run-experiment.ts';
export { type SampleOptions, sample } from './sample.ts';
export {
  type CallCounts,
  type CategoryScore,
  type ConditionComparison,
  type ConditionScore,
  type DifferingCall,
  type DifferingQuestion,
  type DifferingQuestions,
  type DifferingTrial,
  type ModelScore,
  type ParetoFronts,
  type Scorecard,
  type ScoredAgreement,
  type ScoredCalibration,
  scorecard,
} from './scorecard.ts';
export { type ScorecardFold, type ScorecardOptions, scorecardFold } from './scorecard-fold.ts';
export { scorecardTable } from './scorecard-table.ts';
export type { Scorer, ScoringContext } from './scorer.ts';
export { exact } from './scorers/exact.ts';
export { type JudgeOptions, judge } from './scorers/judge.ts';
export { type MatchingOptions, matching } from './scorers/matching.ts';
export { type SameSetOptions, sameSet } from './scorers/same-set.ts';
export { type Tolerance, within } from './scorers/within.ts';
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
export type { ConfidencePair } from './statistics/confidence-group.ts';
export { type FitCalibrationOptions, fitCalibration } from './statistics/fit-calibration.ts';
export { holm } from './statistics/holm.ts';
export {
  type IndependentMember,
  type IndependentReliabilityOptions,
  independentReliability,
} from './statistics/independent-reliability.ts';
export type { Interval, IntervalOptions } from './statistics/interval.ts';
export { type McNemarOptions, mcnemar } from './statistics/mcnemar.ts';
export { meanInterval } from './statistics/mean-interval.ts';
export { type PairedDifferenceOptions, pairedDifference } from './statistics/paired-difference.ts';
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
export type { Trial } from './trial.ts';
export { type Tuned, type TuneOptions, tune } from './tune.ts';
// What voters learn from ballots
export { fitDawidSkene } from './tuning/fit-dawid-skene.ts';
export { fitLogOdds } from './tuning/fit-log-odds.ts';
export { fitNaiveBayes } from './tuning/fit-naive-bayes.ts';
export { fitOneCoin } from './tuning/fit-one-coin.ts';
export { fitTemperature } from './tuning/fit-temperature.ts';
export { fitWawa } from './tuning/fit-wawa.ts';
