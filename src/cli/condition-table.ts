import { given } from '../domain/given.ts';
import type { ExperimentProgress } from '../experiment/experiment-account.ts';
import { wilsonInterval } from '../experiment/statistics/wilson-interval.ts';
import { meanCost } from '../metrics/spending.ts';
import type { Stats } from '../metrics/stats.ts';
import {
  formatCost,
  formatNumber,
  formatPercent,
  formatSeconds,
  percentFigure,
  plainUsd,
} from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';
import type { ConditionStats } from './condition-stats.ts';

/** A row of the table of conditions, as `--json` prints it. */
export interface ConditionRow {
  readonly condition: string;
  readonly questions: number;
  /** The share of right answers, with its 95 % interval (Wilson); absent if no expected answer is known. */
  readonly accuracy?: number;
  readonly accuracyLow?: number;
  readonly accuracyHigh?: number;
  /** The number of questions with a prediction. */
  readonly answered: number;
  readonly callsPerQuestion: number;
  /** The cost of a question in USD, with reused answers at their original cost; absent if unknown. */
  readonly costUsdPerQuestion?: number;
  /** `partial` if the cost leaves out calls of unknown cost, such as cancelled ones. */
  readonly costSource: Stats['costUsd']['source'];
  /** The most that a question can cost, if `costSource` is `partial` and the prices of these calls are recorded. */
  readonly maxCostUsdPerQuestion?: number;
  readonly latencyMsP50?: number;
  readonly latencyMsP95?: number;
}

/** The table of an experiment. */
export interface ConditionTable {
  readonly conditions: readonly ConditionRow[];
  readonly account: ExperimentProgress;
}

/** Returns a row for each condition, and the account of all calls. */
export const conditionTable = (results: ConditionStats, account: ExperimentProgress): ConditionTable => ({
  account,
  conditions: Array.from(results, ([condition, { scored, score, fold }]) => {
    const stats = fold.stats();
    const { low, high } = wilsonInterval(score, scored);
    const calls = stats.models.reduce((sum, model) => sum + model.calls, 0);
    const { costUsd, costSource, maxCostUsd } = meanCost(stats.costUsd, stats.count);
    return {
      condition,
      questions: stats.count,
      ...(scored > 0 && { accuracy: score / scored, accuracyLow: low, accuracyHigh: high }),
      answered: stats.successes,
      callsPerQuestion: stats.count === 0 ? 0 : calls / stats.count,
      costSource,
      ...given({
        costUsdPerQuestion: plainUsd(costUsd),
        maxCostUsdPerQuestion: plainUsd(maxCostUsd),
        latencyMsP50: stats.latencyMs.p50,
        latencyMsP95: stats.latencyMs.p95,
      }),
    };
  }),
});

const heading = ['condition', 'accuracy', '95 % CI', 'answered', 'calls', '$/question', 'median', 'p95'];

/** Renders the table: a line for each condition, the most accurate first, and the account of all calls. */
export const conditionTableLines = ({ conditions, account }: ConditionTable): string[] => {
  const best = conditions.toSorted((one, other) => (other.accuracy ?? 0) - (one.accuracy ?? 0));
  const rows = [heading, ...best.map(cells)];
  return [...columnLines(rows), '', accountLine(account)];
};

const cells = (row: ConditionRow): string[] => [
  printable(row.condition, 60),
  formatPercent(row.accuracy),
  row.accuracyLow === undefined
    ? ''
    : `${percentFigure(row.accuracyLow)}–${percentFigure(row.accuracyHigh ?? 1)}`,
  `${row.answered}/${row.questions}`,
  formatNumber(row.callsPerQuestion, 2),
  formatCost({
    costUsd: row.costUsdPerQuestion,
    costSource: row.costSource,
    ...given({ maxCostUsd: row.maxCostUsdPerQuestion }),
  }),
  formatSeconds(row.latencyMsP50),
  formatSeconds(row.latencyMsP95),
];

const accountLine = (progress: ExperimentProgress): string => {
  const { calls, failures, recalled, missing, spentUsd, spentSource, recordedUsd, recordedSource } = progress;
  const spent =
    spentUsd === undefined ? '' : ` (${formatCost({ costUsd: spentUsd, costSource: spentSource })})`;
  const failed = failures === 0 ? '' : `, ${failures} failed`;
  const original =
    recordedUsd === undefined
      ? ''
      : ` (originally ${formatCost({ costUsd: recordedUsd, costSource: recordedSource })})`;
  const lost = missing === 0 ? '' : `; ${missing} calls are not recorded: make them with run`;
  return `${calls} calls made${spent}${failed}; ${recalled} answers reused${original}${lost}`;
};
