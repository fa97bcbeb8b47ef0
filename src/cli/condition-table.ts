import { given } from '../domain/given.ts';
import type { ExperimentProgress } from '../experiment/experiment-account.ts';
import { isIncomplete, type LeftOutCounts, leftOutCount } from '../experiment/left-out.ts';
import type { Cause } from '../experiment/scorecard/cause.ts';
import { causeLines, whyNoAccuracy } from '../experiment/scorecard/cause-lines.ts';
import { wilsonInterval } from '../experiment/statistics/wilson-interval.ts';
import { meanCost } from '../metrics/spending.ts';
import type { Stats } from '../metrics/stats.ts';
import {
  formatCost,
  formatNumber,
  formatPercent,
  formatSeconds,
  knownCost,
  percentFigure,
  plainUsd,
} from '../rendering/amounts.ts';
import { columnLines } from '../rendering/columns.ts';
import { printable } from '../rendering/printable.ts';
import { inCommandLineWords } from './command-line-words.ts';
import { accuracyOf, type ConditionResults, type ConditionStats } from './condition-stats.ts';
import { speedLine } from './speed.ts';

/** A row of the table of conditions, as `--json` prints it. */
export interface ConditionRow {
  readonly condition: string;
  readonly questions: number;
  /** The share of right answers, with its 95 % interval (Wilson); `null` if nothing was measured, see `whyNoAccuracy`. */
  readonly accuracy: number | null;
  readonly accuracyLow?: number;
  readonly accuracyHigh?: number;
  readonly whyNoAccuracy?: string;
  /** The number of questions with a prediction, and with a score. */
  readonly answered: number;
  readonly scored: number;
  /** The number of questions that no figure has, because calls failed or are not recorded. */
  readonly leftOut: LeftOutCounts;
  /** The number of questions that were answered although calls of the panel failed. */
  readonly reduced: number;
  /** Whether so many are left out or reduced, more than 5 %, that the condition must not be compared. */
  readonly isIncomplete: boolean;
  /** The calls made for a question that is not left out; absent if all questions are. */
  readonly callsPerQuestion?: number;
  /** The cost of a question in USD, with reused answers at their original cost; absent if unknown. */
  readonly costUsdPerQuestion?: number;
  /** `partial` if the cost leaves out calls of unknown cost, such as cancelled ones. */
  readonly costSource: Stats['costUsd']['source'];
  /** The most that a question can cost, if `costSource` is `partial` and the prices of these calls are recorded. */
  readonly maxCostUsdPerQuestion?: number;
  readonly latencyMsP50?: number;
  readonly latencyMsP95?: number;
  /** Failures, abstentions, missing records and warnings, with one example each. */
  readonly causes: readonly Cause[];
}

/** The table of an experiment. */
export interface ConditionTable {
  readonly conditions: readonly ConditionRow[];
  readonly account: ExperimentProgress;
  /** How long the questions of the account took: a fact of this machine, its network and the `concurrency`. */
  readonly durationMs: number;
  /** The ids of simulated models, if there are any: they say nothing about real ones. */
  readonly simulatedModels?: readonly string[];
  /** Why the experiment stopped early, if it did. */
  readonly stopped?: Stop;
}

/** The end of an experiment before its last question. */
export interface Stop {
  readonly name: string;
  readonly message: string;
  /** What happened, in the words of the table. */
  readonly summary: string;
}

/** Facts about an experiment besides its figures. */
export interface TableNotes {
  readonly simulatedModels: readonly string[];
  readonly stopped: Stop | undefined;
  readonly durationMs: number;
}

/** Returns a row for each condition, and the account of all calls. */
export const conditionTable = (
  results: ConditionStats,
  account: ExperimentProgress,
  { simulatedModels, stopped, durationMs }: TableNotes,
): ConditionTable => ({
  account,
  durationMs,
  ...(simulatedModels.length > 0 && { simulatedModels }),
  conditions: Array.from(results, ([condition, result]) => rowOf(condition, result)),
  ...given({ stopped }),
});

const rowOf = (condition: string, result: ConditionResults): ConditionRow => {
  const { scored, score, questions, reduced, fold } = result;
  const leftOut = { ...result.leftOut };
  const stats = fold.stats();
  const accuracy = accuracyOf(result);
  const { low, high } = wilsonInterval(score, scored);
  const calls = stats.models.reduce((sum, model) => sum + model.calls, 0) - result.unsent;
  const { costUsd, costSource, maxCostUsd } = meanCost(stats.costUsd, stats.count);
  const causes = result.causes.causes();
  return {
    condition,
    questions,
    accuracy: accuracy ?? null,
    ...(accuracy !== undefined && { accuracyLow: low, accuracyHigh: high }),
    answered: stats.successes,
    scored,
    leftOut,
    reduced,
    isIncomplete: isIncomplete(result),
    costSource,
    causes,
    ...given({
      callsPerQuestion: stats.count === 0 ? undefined : calls / stats.count,
      whyNoAccuracy: whyNoAccuracy({
        condition,
        questions,
        leftOut,
        reduced,
        predicted: stats.successes,
        labelled: scored,
        accuracy,
        causes,
      }),
      costUsdPerQuestion: plainUsd(costUsd),
      maxCostUsdPerQuestion: plainUsd(maxCostUsd),
      latencyMsP50: stats.latencyMs.p50,
      latencyMsP95: stats.latencyMs.p95,
    }),
  };
};

/** The columns of the table; `left out` is shown if a question of any condition is. */
const columns = [
  'condition',
  'accuracy',
  '95 % CI',
  'answered',
  'left out',
  'calls',
  '$/question',
  'median',
  'p95',
] as const;

/**
 * Renders the table: a line for each condition, the most accurate first and incomplete ones last, the notes on what was not
 * measured, and the account of all calls.
 */
export const conditionTableLines = ({
  conditions,
  account,
  durationMs,
  simulatedModels,
  stopped,
}: ConditionTable): string[] => {
  const best = conditions.toSorted(
    (one, other) =>
      Number(one.isIncomplete) - Number(other.isIncomplete) || (other.accuracy ?? -1) - (one.accuracy ?? -1),
  );
  const shown = columns.filter(
    (column) => column !== 'left out' || conditions.some((row) => leftOutCount(row) > 0),
  );
  const rows = [
    [...shown],
    ...best.map(cells).map((row) => shown.map((column) => row[columns.indexOf(column)] ?? '')),
  ];
  const notes = causeLines(
    best.map(({ answered: predicted, scored: labelled, ...row }) => ({ ...row, predicted, labelled })),
  ).map((line) => printable(inCommandLineWords(line), MAX_NOTE));
  return [
    ...columnLines(rows),
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    accountLine(account, stopped),
    speedLine({ questions: account.questions, durationMs }),
    ...(simulatedModels === undefined ? [] : [printable(simulatedLine(simulatedModels), MAX_NOTE)]),
  ];
};

const MAX_NOTE = 400;

/** Says which models are simulated. */
export const simulatedLine = (models: readonly string[]): string =>
  `Simulated models, not real ones: ${models.join(', ')}`;

const cells = (row: ConditionRow): string[] => [
  printable(row.condition, 60),
  formatPercent(row.accuracy ?? undefined),
  row.accuracyLow === undefined
    ? ''
    : `${percentFigure(row.accuracyLow)}–${percentFigure(row.accuracyHigh ?? 1)}`,
  `${row.answered}/${row.questions}`,
  String(leftOutCount(row)),
  formatNumber(row.callsPerQuestion, 2),
  formatCost({
    costUsd: row.costUsdPerQuestion,
    costSource: row.costSource,
    ...given({ maxCostUsd: row.maxCostUsdPerQuestion }),
  }),
  formatSeconds(row.latencyMsP50),
  formatSeconds(row.latencyMsP95),
];

const accountLine = (progress: ExperimentProgress, stopped: Stop | undefined): string => {
  const { calls, failures, judgeCalls, recalled, missing, unsent } = progress;
  const spent = knownCost({ costUsd: progress.spentUsd, costSource: progress.spentSource });
  const original = knownCost({ costUsd: progress.recordedUsd, costSource: progress.recordedSource });
  const made = [
    `${calls} calls made${calls === 0 ? '' : ` (${spent ?? 'cost unknown'})`}`,
    ...(judgeCalls === 0 ? [] : [`${judgeCalls} by the judge`]),
    ...(failures === 0 ? [] : [`${failures} failed`]),
  ].join(', ');
  return [
    made,
    ...(unsent === 0 ? [] : [`${unsent} not sent`]),
    `${recalled} answers reused${original === undefined ? '' : ` (originally ${original})`}`,
    ...(missing === 0 ? [] : [`${missing} calls are not recorded`]),
    ...(stopped === undefined ? [] : [stopped.summary]),
  ].join('; ');
};
