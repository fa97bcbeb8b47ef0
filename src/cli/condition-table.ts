import type { ExperimentProgress } from '../experiment/experiment-account.ts';
import { wilsonInterval } from '../experiment/statistics/wilson-interval.ts';
import type { Stats } from '../metrics/stats.ts';
import { shownCost, shownPercent, shownSeconds } from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';
import type { ConditionStats } from './condition-stats.ts';

/** A row of the table of conditions: what a program gets with `--json`. */
export interface ConditionRow {
  readonly condition: string;
  readonly questions: number;
  /** The share of right answers, with its 95 % interval (Wilson); absent where no right answer is known. */
  readonly accuracy?: number;
  readonly accuracyLow?: number;
  readonly accuracyHigh?: number;
  /** How many questions got a prediction. */
  readonly answered: number;
  readonly callsPerQuestion: number;
  /** What a question costs by itself, whoever paid for it; absent where nobody knows. */
  readonly costUsdPerQuestion?: number;
  /** `partial` where that leaves out calls whose cost nobody knows, such as aborted ones. */
  readonly costSource: Stats['costUsd']['source'];
  readonly latencyMsP50?: number;
  readonly latencyMsP95?: number;
}

/** The table of an experiment. */
export interface ConditionTable {
  readonly conditions: readonly ConditionRow[];
  readonly account: ExperimentProgress;
}

/** The conditions, and what they cost together. */
export const conditionTable = (standings: ConditionStats, account: ExperimentProgress): ConditionTable => ({
  account,
  conditions: standings.all().map(({ condition, scored, score, stats }) => {
    const { low, high } = wilsonInterval(score, scored);
    const calls = stats.models.reduce((sum, model) => sum + model.calls, 0);
    const { total, source: costSource } = stats.costUsd;
    const { p50, p95 } = stats.latencyMs;
    return {
      condition,
      questions: stats.count,
      ...(scored > 0 && { accuracy: score / scored, accuracyLow: low, accuracyHigh: high }),
      answered: stats.successes,
      callsPerQuestion: stats.count === 0 ? 0 : calls / stats.count,
      costSource,
      ...(total !== undefined && { costUsdPerQuestion: total / stats.count }),
      ...(p50 !== undefined && { latencyMsP50: p50 }),
      ...(p95 !== undefined && { latencyMsP95: p95 }),
    };
  }),
});

const heading = ['condition', 'accuracy', '95 %', 'answered', 'calls', '$/question', 'median', 'p95'];

/** The table for people: a line for each condition, the best first, and what was spent. */
export const conditionTableLines = ({ conditions, account }: ConditionTable): string[] => {
  const best = conditions.toSorted((one, other) => (other.accuracy ?? 0) - (one.accuracy ?? 0));
  const rows = [heading, ...best.map(cells)];
  return [...columnLines(rows), '', accountLine(account)];
};

const cells = (row: ConditionRow): string[] => [
  printable(row.condition, 60),
  row.accuracy === undefined ? '?' : `${shownPercent(row.accuracy)} %`,
  row.accuracyLow === undefined
    ? ''
    : `${shownPercent(row.accuracyLow)}–${shownPercent(row.accuracyHigh ?? 1)}`,
  `${row.answered}/${row.questions}`,
  row.callsPerQuestion.toFixed(2),
  row.costUsdPerQuestion === undefined
    ? '?'
    : `${row.costSource === 'partial' ? '~' : ''}${shownCost(row.costUsdPerQuestion)}`,
  row.latencyMsP50 === undefined ? '?' : shownSeconds(row.latencyMsP50),
  row.latencyMsP95 === undefined ? '?' : shownSeconds(row.latencyMsP95),
];

const accountLine = ({ calls, failures, recalled, spentUsd, recordedUsd }: ExperimentProgress): string => {
  const failed = failures === 0 ? '' : `, ${failures} of them failed`;
  const spent = spentUsd === undefined ? '' : `, for ${shownCost(spentUsd)}`;
  const recorded = recordedUsd === undefined ? '' : `, which had cost ${shownCost(recordedUsd)}`;
  return `${calls} calls made${failed}${spent}; ${recalled} from the record${recorded}`;
};
