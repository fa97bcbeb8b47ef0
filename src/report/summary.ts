import type { ConditionScore, Scorecard } from '../experiment/scorecard/scorecard.ts';
import {
  formatCost,
  formatNumber,
  formatPercent,
  formatPValue,
  formatRatio,
  formatSeconds,
  percentFigure,
  UNKNOWN,
} from '../rendering/amounts.ts';
import { range } from './estimates.ts';

/** A cell of a table: its text, and its interval. */
export interface Cell {
  readonly text: string;
  readonly range?: string;
}

/** A table. The first cell of each row is its name. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const cell = (text: string, range = ''): Cell => (range === '' ? { text } : { text, range });

/** Returns a row for each condition. */
export const conditionsTable = ({ conditions }: Scorecard): Table => ({
  columns: [
    'condition',
    'accuracy',
    'questions scored',
    'coverage',
    'cost per question',
    'median latency',
    'p95 latency',
    'calls per question',
    'consensus',
    'ECE',
    'coverage at 99 % precision',
  ],
  rows: conditions.map((condition, index) => [
    cell(`${index + 1}. ${condition.condition}`),
    cell(formatPercent(condition.accuracy?.value), range(condition.accuracy, formatPercent)),
    cell(formatNumber(condition.labelled)),
    cell(formatPercent(condition.coverage?.value)),
    cell(formatCost(condition.costUsd?.value), range(condition.costUsd, formatCost)),
    cell(formatSeconds(medianMs(condition))),
    cell(formatSeconds(condition.latencyQuantilesMs[95])),
    cell(formatNumber(condition.calls.perQuestion, 2)),
    cell(formatPercent(condition.stats.meanConsensus)),
    cell(formatPercent(condition.calibration.before.ece)),
    cell(formatPercent(coverageAt(condition, 0.99))),
  ]),
});

/** Returns a row for each pair of conditions, on the questions of both. */
export const comparisonsTable = ({ comparisons }: Scorecard): Table => ({
  columns: [
    'first → second',
    'difference',
    'only first right',
    'only second right',
    'p (Holm)',
    'cost ratio',
    'latency ratio',
  ],
  rows: comparisons.map((pair) => [
    cell(`${pair.first} → ${pair.second}`),
    cell(points(pair.difference?.value), range(pair.difference, points)),
    cell(formatNumber(pair.onlyFirstRight)),
    cell(formatNumber(pair.onlySecondRight)),
    cell(formatPValue(pair.adjustedPValue)),
    cell(formatRatio(pair.costRatio)),
    cell(formatRatio(pair.latencyRatio)),
  ]),
});

/** Returns a row for each category, with the accuracy of each condition. */
export const categoriesTable = ({ conditions }: Scorecard): Table => {
  const names = [
    ...new Set(conditions.flatMap(({ categories }) => categories.map(({ category }) => category))),
  ];
  return {
    columns: ['category', ...conditions.map(({ condition }) => condition)],
    rows: names.map((name) => [
      cell(name),
      ...conditions.map(({ categories }) => {
        const scored = categories.find(({ category }) => category === name);
        return cell(
          formatPercent(scored?.accuracy?.value),
          scored && `${scored.right} of ${scored.labelled}`,
        );
      }),
    ]),
  };
};

/** Returns the median latency of a condition. */
export const medianMs = ({ latencyQuantilesMs }: ConditionScore): number | undefined =>
  latencyQuantilesMs[50];

const coverageAt = ({ riskCoverage }: ConditionScore, precision: number): number | undefined =>
  riskCoverage.coverageAt.find((at) => at.precision === precision)?.observed.coverage;

const points = (difference: number | undefined): string =>
  difference === undefined ? UNKNOWN : `${difference > 0 ? '+' : ''}${percentFigure(difference)} pp`;
