import { stringify } from 'csv-stringify/sync';
import { isWhole } from '../domain/cost.ts';
import { isIncomplete } from '../experiment/left-out.ts';
import { whyNoAccuracy } from '../experiment/scorecard/cause-lines.ts';
import { costOfQuestion } from '../experiment/scorecard/cost-of-question.ts';
import type { ConditionScore } from '../experiment/scorecard/scorecard.ts';
import { reading } from '../options.ts';
import { formatCost, plainUsd } from '../rendering/amounts.ts';
import { csvFormat } from '../rendering/csv-format.ts';
import { type ReportContent, refuseWithoutScorecard } from './report-content.ts';
import { measuredAccuracy } from './summary.ts';

/**
 * Returns the conditions of a report as CSV (RFC 4180), one row each, with unrounded numbers: shares 0..1, USD, ms, and
 * the ends of intervals in their own columns. If a spreadsheet would read a name as a formula, it gets an apostrophe
 * before it. Costs no calls.
 *
 * `cost` is written as in the other reports, such as `≥$0.02` if it leaves out calls of unknown cost. Then `cost_usd` is
 * empty, `cost_usd_min` is the lower bound, and `cost_usd_max` the upper one if the prices of these calls are recorded.
 *
 * @throws {ConfigError} if `scorecard` is not a scorecard, for example because it was not awaited.
 *
 * @example
 * ```ts
 * import { simulated } from 'crucible-ensemble';
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
  return reading('csvReport', () => {
    refuseWithoutScorecard('csvReport', content);
    const { conditions, stopped } = content.scorecard;
    return stringify(
      conditions.map((condition) => ({ ...toRow(condition), stopped })),
      { ...csvFormat, columns, escape_formulas: true },
    );
  });
};

/** A cost that leaves out calls has bounds, and neither a mean nor its interval. */
const toRow = (condition: ConditionScore) => {
  const cost = costOfQuestion(condition);
  const { costUsd, costSource: source, maxCostUsd } = cost;
  const usd = plainUsd(costUsd);
  const { low, high } = condition.costUsd ?? {};
  const amounts = isWhole(cost)
    ? { usd, low: plainUsd(low), high: plainUsd(high) }
    : { min: usd, max: plainUsd(maxCostUsd) };
  return {
    ...condition,
    accuracy: measuredAccuracy(condition),
    whyNoAccuracy: whyNoAccuracy(condition),
    // Earlier scorecards do not say so.
    isCompared: condition.leftOut && (isIncomplete(condition) ? 'no' : 'yes'),
    cost: { source, shown: formatCost(cost), ...amounts },
  };
};

/** The name of each column, by the place of its value in a row. */
const columns = {
  condition: 'condition',
  questions: 'questions',
  predicted: 'predicted',
  labelled: 'labelled',
  right: 'right',
  'accuracy.value': 'accuracy',
  'accuracy.low': 'accuracy_low',
  'accuracy.high': 'accuracy_high',
  'cost.shown': 'cost',
  'cost.usd': 'cost_usd',
  'cost.low': 'cost_usd_low',
  'cost.high': 'cost_usd_high',
  'cost.source': 'cost_source',
  'cost.min': 'cost_usd_min',
  'cost.max': 'cost_usd_max',
  knownCostShare: 'known_cost_share',
  'latencyMs.value': 'latency_ms',
  'latencyMs.low': 'latency_ms_low',
  'latencyMs.high': 'latency_ms_high',
  'latencyQuantilesMs[50]': 'latency_p50_ms',
  'latencyQuantilesMs[95]': 'latency_p95_ms',
  'latencyQuantilesMs[99]': 'latency_p99_ms',
  'calls.made': 'calls',
  'calls.cancelled': 'cancelled_calls',
  'stats.meanConsensus': 'consensus',
  'calibration.before.ece': 'ece',
  whyNoAccuracy: 'why_no_accuracy',
  'leftOut.failed': 'left_out_failed',
  'leftOut.notRecorded': 'left_out_not_recorded',
  reduced: 'reduced',
  isCompared: 'compared',
  stopped: 'stopped',
};
