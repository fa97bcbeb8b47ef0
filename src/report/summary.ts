import type { ConditionScore, Scorecard } from '../experiment/scorecard/scorecard.ts';
import { dollars, number, percentage, seconds } from '../rendering/amounts.ts';
import { pValue, range } from './estimates.ts';

/** A cell of a table: what it says, and how sure that is. */
export interface Cell {
  readonly text: string;
  readonly range?: string;
}

/** A table, the first cell of each row naming it. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

const cell = (text: string, range = ''): Cell => (range === '' ? { text } : { text, range });

/** The conditions side by side, a row each. */
export const conditionsTable = ({ conditions }: Scorecard): Table => ({
  columns: [
    'condition',
    'right',
    'of questions',
    'coverage',
    'USD a question',
    'median',
    'p95',
    'calls a question',
    'consensus',
    'ECE',
    'coverage at 99 % precision',
  ],
  rows: conditions.map((condition, index) => [
    cell(`${index + 1}. ${condition.condition}`),
    cell(percentage(condition.accuracy?.value), range(condition.accuracy, percentage)),
    cell(number(condition.labelled)),
    cell(percentage(condition.coverage?.value)),
    cell(dollars(condition.costUsd?.value), range(condition.costUsd, dollars)),
    cell(seconds(medianMs(condition))),
    cell(seconds(condition.latencyQuantilesMs[95])),
    cell(number(condition.calls.perQuestion, 2)),
    cell(percentage(condition.stats.meanConsensus)),
    cell(percentage(condition.calibration.before.ece)),
    cell(percentage(coverageAt(condition, 0.99))),
  ]),
});

/** Each two conditions on the questions that both were asked, a row a pair. */
export const comparisonsTable = ({ comparisons }: Scorecard): Table => ({
  columns: [
    'first → second',
    'difference',
    'only first right',
    'only second right',
    'p (Holm)',
    'cost',
    'median latency',
  ],
  rows: comparisons.map((pair) => [
    cell(`${pair.first} → ${pair.second}`),
    cell(points(pair.difference?.value), range(pair.difference, points)),
    cell(number(pair.onlyFirstRight)),
    cell(number(pair.onlySecondRight)),
    cell(pValue(pair.adjustedPValue)),
    cell(times(pair.costRatio)),
    cell(times(pair.latencyRatio)),
  ]),
});

/** How often each condition was right in each category, a row a category. */
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
        return cell(percentage(scored?.accuracy?.value), scored && `${scored.right} of ${scored.labelled}`);
      }),
    ]),
  };
};

export const medianMs = ({ latencyQuantilesMs }: ConditionScore): number | undefined =>
  latencyQuantilesMs[50];

const coverageAt = ({ riskCoverage }: ConditionScore, precision: number): number | undefined =>
  riskCoverage.coverageAt.find((at) => at.precision === precision)?.observed.coverage;

const points = (difference: number | undefined): string =>
  difference === undefined ? '–' : `${difference > 0 ? '+' : ''}${number(100 * difference, 1)} pp`;

const times = (ratio: number | undefined): string => (ratio === undefined ? '–' : `× ${number(ratio, 2)}`);
