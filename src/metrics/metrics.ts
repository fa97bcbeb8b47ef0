/** Statistics and reports of many predictions. */
export { aggregate } from './aggregate.ts';
export { aggregateStats } from './aggregate-stats.ts';
export { agreement } from './agreement.ts';
export {
  type Agreement,
  type AgreementFold,
  type AgreementOptions,
  agreementFold,
} from './agreement-fold.ts';
export type { PairAgreement } from './agreement-pair.ts';
export { type AgreementRow, agreementRow } from './agreement-row.ts';
export { type CsvRow, csvColumns, csvRow } from './csv-row.ts';
export type { Distribution } from './distribution.ts';
export { effectiveVotes } from './effective-votes.ts';
export { type ExplainOptions, explain } from './explain.ts';
export type { Contribution } from './explanation/contribution.ts';
export type { Explanation } from './explanation/explanation.ts';
export type { Flip } from './explanation/pivotal-votes.ts';
export type { RunnerUp } from './explanation/runner-up.ts';
export {
  type Configuration,
  type ConfigurationProfile,
  type Profile,
  type ProfileOptions,
  profile,
} from './profile.ts';
export { semanticEntropy } from './semantic-entropy.ts';
export type { Spending } from './spending.ts';
export type { ModelStats, PredictionResult, Stats, StrategyCount } from './stats.ts';
export { type StatsFold, type StatsOptions, statsFold } from './stats-fold.ts';
export { type SummaryReportOptions, summaryReport } from './summary-report.ts';
