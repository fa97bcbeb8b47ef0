import { isWhole } from '../domain/cost.ts';
import { inParts } from '../domain/in-parts.ts';
import { leftOutCount } from '../experiment/left-out.ts';
import { costOfQuestion } from '../experiment/scorecard/cost-of-question.ts';
import { costRatioCell } from '../experiment/scorecard/cost-ratio-cell.ts';
import type { ConditionScore, ModelScore, Scorecard } from '../experiment/scorecard/scorecard.ts';
import type { Estimate } from '../experiment/statistics/interval.ts';
import {
  formatCost,
  formatNumber,
  formatPercent,
  formatPValue,
  formatRatio,
  formatSeconds,
  formatUsd,
  percentFigure,
  UNKNOWN,
} from '../rendering/amounts.ts';
import type { ReportContent } from './report-content.ts';

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

/** The heading of the list of failures, abstentions, missing records and warnings. */
export const NOTES = 'What was not measured, and why';

type Columns<Item> = Readonly<Record<string, (item: Item, index: number) => string | Cell>>;

/** Returns a row for each item, by columns that have a name and a function from an item to its cell. */
const tableOf = <Item>(items: readonly Item[], columns: Columns<Item>): Table => ({
  columns: Object.keys(columns),
  rows: items.map((item, index) =>
    Object.values(columns).map((cellOf) => {
      const cell = cellOf(item, index);
      return typeof cell === 'string' ? { text: cell } : cell;
    }),
  ),
});

const estimate = (
  value: Estimate | undefined,
  shown: (value: number | undefined) => string,
): string | Cell =>
  value === undefined
    ? UNKNOWN
    : { text: shown(value.value), range: `${shown(value.low)} to ${shown(value.high)}` };

/** Returns the accuracy of a condition that answered something. Scorecards of 0.1.0 have one of 0 for all others. */
export const measuredAccuracy = ({
  predicted,
  accuracy,
}: Pick<ConditionScore, 'predicted' | 'accuracy'>): Estimate | undefined =>
  predicted === 0 ? undefined : accuracy;

/** Returns a row for each condition. A column about failed and missing calls is shown if there are such. */
export const conditionsTable = ({ conditions }: Scorecard): Table =>
  tableOf(conditions, {
    condition: ({ condition }, index) => `${index + 1}. ${condition}`,
    accuracy: (condition) => estimate(measuredAccuracy(condition), formatPercent),
    'questions scored': ({ labelled }) => formatNumber(labelled),
    ...(conditions.some((condition) => leftOutCount(condition) > 0) && {
      'left out': (condition: ConditionScore) => formatNumber(leftOutCount(condition)),
    }),
    ...(conditions.some(({ reduced = 0 }) => reduced > 0) && {
      'reduced panel': ({ reduced }: ConditionScore) => formatNumber(reduced),
    }),
    coverage: ({ coverage }) => formatPercent(coverage?.value),
    'cost per question': costCell,
    'median latency': (condition) => formatSeconds(medianMs(condition)),
    'p95 latency': ({ latencyQuantilesMs }) => formatSeconds(latencyQuantilesMs[95]),
    'calls per question': ({ calls }) => formatNumber(calls.perQuestion, 2),
    consensus: ({ stats }) => formatPercent(stats.meanConsensus),
    ECE: ({ calibration }) => formatPercent(calibration.before.ece),
    'coverage at 99 % precision': (condition) => formatPercent(coverageAt(condition, 0.99)),
  });

/** Returns a row for each fact about an experiment. */
export const aboutTable = ({ about = {} }: Pick<ReportContent, 'about'>): Table => ({
  columns: ['', 'what was compared'],
  rows: Object.entries(about).map(([name, value]) => [{ text: name }, { text: value }]),
});

/** Returns a row for each model, with the accuracy of its votes by themselves, in the condition in which it voted most often. */
export const modelsTable = ({ conditions }: Scorecard): Table => {
  const voters = new Map<string, ModelScore>();
  for (const { models } of conditions) {
    for (const score of models) {
      if (score.votes > (voters.get(score.model)?.votes ?? 0)) voters.set(score.model, score);
    }
  }
  return tableOf([...voters.values()], {
    model: ({ model }) => model,
    'accuracy of its votes': ({ accuracy }) => estimate(accuracy, formatPercent),
    votes: ({ votes }) => formatNumber(votes),
    right: ({ right }) => formatNumber(right),
  });
};

/** Returns a row for each pair of conditions, on the questions of both. */
export const comparisonsTable = ({ comparisons, conditions }: Scorecard): Table => {
  const isKnown = (name: string): boolean =>
    conditions.some(({ condition, knownCostShare }) => condition === name && knownCostShare === 1);
  return tableOf(comparisons, {
    'first → second': ({ first, second }) => `${first} → ${second}`,
    difference: ({ difference }) => estimate(difference, formatPoints),
    questions: ({ questions }) => formatNumber(questions),
    'only first right': ({ onlyFirstRight }) => formatNumber(onlyFirstRight),
    'only second right': ({ onlySecondRight }) => formatNumber(onlySecondRight),
    'p (Holm)': ({ adjustedPValue }) => formatPValue(adjustedPValue),
    // Earlier releases took ratios of costs that leave out calls.
    'cost ratio': (pair) =>
      pair.costRatioBounds !== undefined || (isKnown(pair.first) && isKnown(pair.second))
        ? costRatioCell(pair)
        : UNKNOWN,
    'latency ratio': ({ latencyRatio }) => formatRatio(latencyRatio),
  });
};

/** As many conditions have columns side by side on paper. */
const MOST_CONDITIONS = 8;

/** Returns tables with a row for each category and a column for the accuracy of each condition, as many as a page is wide. */
export const categoriesTables = ({ conditions }: Scorecard): readonly Table[] => {
  const names = new Set(conditions.flatMap(({ categories }) => categories.map(({ category }) => category)));
  return inParts(conditions, MOST_CONDITIONS).map((shown) => ({
    columns: ['category', ...shown.map(({ condition }) => condition)],
    rows: Array.from(names, (name) => [
      { text: name },
      ...shown.map(({ categories }) => {
        const scored = categories.find(({ category }) => category === name);
        const text = formatPercent(scored && measuredAccuracy(scored)?.value);
        return scored === undefined ? { text } : { text, range: `${scored.right} of ${scored.labelled}` };
      }),
    ]),
  }));
};

/** The interval is that of the mean over questions, so it is left out if calls are. */
const costCell = (condition: ConditionScore): string | Cell => {
  const cost = costOfQuestion(condition);
  const { costUsd } = condition;
  return isWhole(cost) && costUsd !== undefined
    ? { text: formatCost(cost), range: `${formatUsd(costUsd.low)} to ${formatUsd(costUsd.high)}` }
    : formatCost(cost);
};

/** Returns the median latency of a condition. */
export const medianMs = ({ latencyQuantilesMs }: ConditionScore): number | undefined =>
  latencyQuantilesMs[50];

const coverageAt = ({ predicted, riskCoverage }: ConditionScore, precision: number): number | undefined =>
  predicted === 0
    ? undefined
    : riskCoverage.coverageAt.find((at) => at.precision === precision)?.observed.coverage;

const formatPoints = (difference: number | undefined): string =>
  difference === undefined ? UNKNOWN : `${difference > 0 ? '+' : ''}${percentFigure(difference)} pp`;
