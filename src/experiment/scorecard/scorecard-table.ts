import { reading } from '../../options.ts';
import {
  formatCost,
  formatNumber,
  formatPercent,
  formatPValue,
  formatRatio,
  formatSeconds,
  percentFigure,
  UNKNOWN,
} from '../../rendering/amounts.ts';
import { markdownTable, markdownText } from '../../rendering/markdown.ts';
import { printable } from '../../rendering/printable.ts';
import { leftOutCount } from '../left-out.ts';
import type { Estimate } from '../statistics/interval.ts';
import { causeLines, reviewLines } from './cause-lines.ts';
import { costOfQuestion } from './cost-of-question.ts';
import { costRatioCell } from './cost-ratio-cell.ts';
import type { ConditionComparison, ConditionScore, Scorecard } from './scorecard.ts';

/**
 * Formats a scorecard as text: a table of the conditions and, if there are several, a table of their comparisons. Below the
 * tables is a list of what was not measured, with the reasons. The output is Markdown with columns aligned for a terminal.
 * No cell is read as markup; questions and answers are left out. Unknown values are `–`, a cost that leaves out calls has a
 * `≥`, or is a range if the prices of these calls are recorded. An accuracy or a difference is followed by its 95 %
 * interval.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { scorecard, scorecardTable } from 'crucible-ensemble/experiment';
 *
 * const ensemble = createEnsemble({ models: [simulated({ id: 'small', accuracy: 1 })], minResponses: 1 });
 * const question = { id: '1', question: 'What is 2 + 2?', expected: '4' };
 * const result = await ensemble.predict(question.question);
 * const table = scorecardTable(await scorecard([{ condition: 'small', question, result, score: 1 }]));
 * const [head = '', , row = ''] = table.split('\n');
 * const cells = [head, row].map((line) => line.split('|').slice(1, 4).map((cell) => cell.trim()));
 * cells[0]; // => ['condition', 'questions', 'accuracy']
 * cells[1]; // => ['small', '1', '100.0 % (20.7–100.0)']
 * ```
 */
export const scorecardTable = (scorecard: Scorecard): string =>
  reading('scorecardTable', () => {
    const { conditions, comparisons } = scorecard;
    const notes = [...causeLines(conditions), ...reviewLines(scorecard)].map(
      (line) => `- ${markdownText(line)}`,
    );
    return [
      table(
        CONDITION_COLUMNS.filter(
          ([head]) => head !== 'left out' || conditions.some((score) => leftOutCount(score) > 0),
        ),
        conditions,
      ),
      ...(comparisons.length === 0 ? [] : [table(COMPARISON_COLUMNS, comparisons)]),
      ...(notes.length === 0 ? [] : [notes.join('\n')]),
    ].join('\n\n');
  });

/** A column: its head and the text of a cell. */
type Columns<Row> = readonly (readonly [head: string, cell: (row: Row) => string])[];

const MAX_NAME = 40;

const orUnknown = <T>(value: T | undefined, shown: (value: T) => string): string =>
  value === undefined ? UNKNOWN : shown(value);

const withInterval = ({ value, low, high }: Estimate): string =>
  `${formatPercent(value)} (${percentFigure(low)}–${percentFigure(high)})`;

const signed = ({ value, low, high }: Estimate): string => {
  const [middle, from, to] = [value, low, high].map((share) => {
    const points = percentFigure(share);
    return share > 0 ? `+${points}` : points;
  });
  return `${middle} (${from} to ${to})`;
};

const name = (text: string): string => printable(text, MAX_NAME);

const CONDITION_COLUMNS: Columns<ConditionScore> = [
  ['condition', ({ condition }) => name(condition)],
  ['questions', ({ questions }) => String(questions)],
  ['left out', (score) => String(leftOutCount(score))],
  ['accuracy', ({ predicted, accuracy }) => orUnknown(predicted === 0 ? undefined : accuracy, withInterval)],
  ['coverage', ({ coverage }) => formatPercent(coverage?.value)],
  ['cost a question', (score) => formatCost(costOfQuestion(score))],
  ['p50', ({ stats }) => formatSeconds(stats.latencyMs.p50)],
  ['p95', ({ stats }) => formatSeconds(stats.latencyMs.p95)],
  ['calls', ({ calls }) => formatNumber(calls.perQuestion, 2)],
  ['ECE', ({ calibration }) => formatPercent(calibration.before.ece)],
  ['calibrated', ({ calibration }) => formatPercent(calibration.after.ece)],
];

const COMPARISON_COLUMNS: Columns<ConditionComparison> = [
  ['first', ({ first }) => name(first)],
  ['second', ({ second }) => name(second)],
  ['questions', ({ questions }) => String(questions)],
  ['only first right', ({ onlyFirstRight }) => String(onlyFirstRight)],
  ['only second right', ({ onlySecondRight }) => String(onlySecondRight)],
  ['difference in points', ({ difference }) => orUnknown(difference, signed)],
  ['p', ({ pValue }) => formatPValue(pValue)],
  ['p by Holm', ({ adjustedPValue }) => formatPValue(adjustedPValue)],
  ['cost', costRatioCell],
  ['p50', ({ latencyRatio }) => formatRatio(latencyRatio)],
];

const NAMES: ReadonlySet<string> = new Set(['condition', 'first', 'second']);

const table = <Row>(columns: Columns<Row>, rows: readonly Row[]): string => {
  const heads = columns.map(([head]) => head);
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  return markdownTable(heads, cells, (column) => NAMES.has(heads[column] ?? ''));
};
