import { stringify } from 'csv-stringify/sync';
import type { ConditionScore } from '../experiment/scorecard/scorecard.ts';
import type { Estimate } from '../experiment/statistics/interval.ts';
import { refuse } from '../options.ts';
import type { ReportContent } from './report-content.ts';
import { reportFaults } from './report-faults.ts';

/**
 * Returns the conditions of a report as CSV (RFC 4180), one row each, with unrounded numbers: shares 0..1, USD, ms, and
 * the ends of intervals in their own columns. If a spreadsheet would read a name as a formula, it gets an apostrophe
 * before it. Costs no calls.
 *
 * @throws {ConfigError} if `scorecard` is not a scorecard, for example because it was not awaited.
 *
 * @example
 * ```ts
 * import { runExperiment, scorecard } from 'crucible-ensemble/experiment';
 * import { csvReport } from 'crucible-ensemble/report';
 *
 * const trials = runExperiment({
 *   dataset: [{ id: '1', question: 'What is 17 * 23?', expected: '391' }],
 *   conditions: { one: { models: [simulated({ id: 'a', accuracy: 1 })] } },
 * });
 * const report = csvReport({ scorecard: await scorecard(trials) });
 * report.split('\r\n')[1]?.startsWith('one,1,1,1,1,'); // => true
 * ```
 */
export const csvReport = (content: Pick<ReportContent, 'scorecard'>): string => {
  refuse(reportFaults('csvReport', content));
  return stringify(content.scorecard.conditions.map(toRow), {
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    escape_formulas: true,
  });
};

const columns = [
  'condition',
  'questions',
  'predicted',
  'labelled',
  'right',
  'accuracy',
  'accuracy_low',
  'accuracy_high',
  'cost_usd',
  'cost_usd_low',
  'cost_usd_high',
  'known_cost_share',
  'latency_ms',
  'latency_ms_low',
  'latency_ms_high',
  'latency_p50_ms',
  'latency_p95_ms',
  'latency_p99_ms',
  'calls',
  'cancelled_calls',
  'consensus',
  'ece',
] as const;

const interval = <Name extends string>(name: Name, estimate: Estimate | undefined) => ({
  [name]: estimate?.value,
  [`${name}_low`]: estimate?.low,
  [`${name}_high`]: estimate?.high,
});

const toRow = (score: ConditionScore): Readonly<Record<string, string | number | undefined>> => {
  const { condition, questions, predicted, labelled, right, knownCostShare, latencyQuantilesMs } = score;
  return {
    condition,
    questions,
    predicted,
    labelled,
    right,
    ...interval('accuracy', score.accuracy),
    ...interval('cost_usd', score.costUsd),
    known_cost_share: knownCostShare,
    ...interval('latency_ms', score.latencyMs),
    latency_p50_ms: latencyQuantilesMs[50],
    latency_p95_ms: latencyQuantilesMs[95],
    latency_p99_ms: latencyQuantilesMs[99],
    calls: score.calls.made,
    cancelled_calls: score.calls.cancelled,
    consensus: score.stats.meanConsensus,
    ece: score.calibration.before.ece,
  };
};
