import { shownCost, shownPercent, shownSeconds } from '../../rendering/amounts.ts';
import { inColumns } from '../../rendering/columns.ts';
import { printable } from '../../rendering/printable.ts';
import type { Estimate } from '../statistics/interval.ts';
import type { ConditionComparison, ConditionScore, Scorecard } from './scorecard.ts';

/**
 * Formats a scorecard as text: a table of the conditions and, if there are several, a table of their
 * comparisons. The output is Markdown with columns aligned for a terminal. Names are escaped for both;
 * questions and answers are left out. Unknown values are `–`, and a partly unknown cost has a `~`. An
 * accuracy or a difference is followed by its 95 % interval.
 *
 * @example
 * ```ts
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
export const scorecardTable = ({ conditions, comparisons }: Scorecard): string =>
  [
    table(CONDITION_COLUMNS, conditions),
    ...(comparisons.length === 0 ? [] : [table(COMPARISON_COLUMNS, comparisons)]),
  ].join('\n\n');

/** A column: its head and the text of a cell. */
type Columns<Row> = readonly (readonly [head: string, cell: (row: Row) => string])[];

const NOT_KNOWN = '–';
const MAX_NAME = 40;

const orNotKnown = <T>(value: T | undefined, shown: (value: T) => string): string =>
  value === undefined ? NOT_KNOWN : shown(value);

const percent = (share: number): string => `${shownPercent(share)} %`;

const withInterval = ({ value, low, high }: Estimate): string =>
  `${percent(value)} (${shownPercent(low)}–${shownPercent(high)})`;

const signed = ({ value, low, high }: Estimate): string => {
  const [middle, from, to] = [value, low, high].map((share) => {
    const points = shownPercent(share);
    return share > 0 ? `+${points}` : points;
  });
  return `${middle} (${from} to ${to})`;
};

/** Formats a p-value with four digits; a small one is never shown as 0. */
const probability = (p: number): string => (p < 0.0001 ? '<0.0001' : p.toFixed(4));

const times = (ratio: number): string => `×${ratio.toPrecision(3)}`;

/** Formats an untrusted name: on one line, without escape sequences or markup, and within its cell. */
const name = (text: string): string =>
  printable(text, MAX_NAME).replace(/[\\`*[\]<>|]/g, (character) => `\\${character}`);

const costCell = ({ stats, knownCostShare }: ConditionScore): string =>
  orNotKnown(stats.costUsd.mean, (mean) => `${knownCostShare === 1 ? '' : '~'}${shownCost(mean)}`);

const CONDITION_COLUMNS: Columns<ConditionScore> = [
  ['condition', ({ condition }) => name(condition)],
  ['questions', ({ questions }) => String(questions)],
  ['accuracy', ({ accuracy }) => orNotKnown(accuracy, withInterval)],
  ['coverage', ({ coverage }) => orNotKnown(coverage?.value, percent)],
  ['cost a question', costCell],
  ['p50', ({ stats }) => orNotKnown(stats.latencyMs.p50, shownSeconds)],
  ['p95', ({ stats }) => orNotKnown(stats.latencyMs.p95, shownSeconds)],
  ['calls', ({ calls }) => orNotKnown(calls.perQuestion, (count) => count.toFixed(2))],
  ['ECE', ({ calibration }) => orNotKnown(calibration.before.ece, percent)],
  ['calibrated', ({ calibration }) => orNotKnown(calibration.after.ece, percent)],
];

const COMPARISON_COLUMNS: Columns<ConditionComparison> = [
  ['first', ({ first }) => name(first)],
  ['second', ({ second }) => name(second)],
  ['questions', ({ questions }) => String(questions)],
  ['only first right', ({ onlyFirstRight }) => String(onlyFirstRight)],
  ['only second right', ({ onlySecondRight }) => String(onlySecondRight)],
  ['difference in points', ({ difference }) => orNotKnown(difference, signed)],
  ['p', ({ pValue }) => probability(pValue)],
  ['p by Holm', ({ adjustedPValue }) => probability(adjustedPValue)],
  ['cost', ({ costRatio }) => orNotKnown(costRatio, times)],
  ['p50', ({ latencyRatio }) => orNotKnown(latencyRatio, times)],
];

/** Names are aligned to the left, and numbers to the right. */
const table = <Row>(columns: Columns<Row>, rows: readonly Row[]): string => {
  const heads = columns.map(([head]) => head);
  const isText = (column: number): boolean => ['condition', 'first', 'second'].includes(heads[column] ?? '');
  const [headings = [], ...cells] = inColumns(
    [heads, ...rows.map((row) => columns.map(([, cell]) => cell(row)))],
    isText,
  );
  const rule = headings.map(({ length }, column) =>
    isText(column) ? '-'.repeat(length) : `${'-'.repeat(length - 1)}:`,
  );
  return [headings, rule, ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
};
