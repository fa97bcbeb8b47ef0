import { reading } from '../../options.ts';
import {
  counted,
  formatCost,
  formatNumber,
  formatPercent,
  formatPValue,
  percentFigure,
  UNKNOWN,
} from '../../rendering/amounts.ts';
import { markdownTable, markdownText } from '../../rendering/markdown.ts';
import { printable } from '../../rendering/printable.ts';
import type { Estimate } from '../statistics/interval.ts';
import type { JurorReport } from './juror-report.ts';
import type { JuryReport } from './jury-report.ts';

/**
 * Formats a report of a jury as text: what the jury comes to, a table of the jurors, and what a reader should know of each. The
 * output is Markdown with columns aligned for a terminal. Estimates are followed by their 95 % intervals; unknown values are
 * `–`. Questions and answers are left out.
 *
 * @example
 * ```ts
 * import { defineModel } from 'crucible-ensemble';
 * import { gradeAll, jury, juryReport, juryTable } from 'crucible-ensemble/experiment';
 *
 * const juror = (id: string, grade: number) => defineModel(id, () => JSON.stringify({ grade }));
 * const panel = jury({ members: [juror('a', 4), juror('b', 4), juror('severe', 2)], scale: { from: 1, to: 5 } });
 * const items = Array.from({ length: 20 }, (_, n) => ({ id: `${n}`, question: 'Why?', answer: `Because of ${n}.` }));
 * const lines = juryTable(juryReport(await Array.fromAsync(gradeAll(panel, items)))).split('\n');
 * lines[0]; // => '20 items, 20 verdicts, 0 for review; alpha (interval) -0.48; cost –'
 * lines.at(-1); // => '- severe grades 2 lower than the median of all jurors (2 to 2)'
 * ```
 */
export const juryTable = (report: JuryReport): string =>
  reading('juryTable', () => {
    const { jurors, ranking, findings } = report;
    return [
      summaryOf(report),
      markdownTable(
        COLUMNS.map(([head]) => head),
        jurors.map((juror) => COLUMNS.map(([, cell]) => cell(juror))),
        (column) => column === 0,
      ),
      ...(ranking.length === 0
        ? []
        : [
            markdownTable(
              ['competitor', 'comparisons', 'wins', 'strength'],
              ranking.map(({ name, comparisons, wins, strength }) => [
                printable(name, MAX_NAME),
                String(comparisons),
                formatNumber(wins, Number.isInteger(wins) ? 0 : 1),
                numbers(strength),
              ]),
              (column) => column === 0,
            ),
          ]),
      ...(findings.length === 0 ? [] : [findings.map((line) => `- ${markdownText(line)}`).join('\n')]),
    ].join('\n\n');
  });

const MAX_NAME = 40;

const summaryOf = ({
  items,
  verdicts,
  reviews,
  alpha,
  level,
  fleissKappa,
  agreement,
  consistency,
  againstLabels,
  ...cost
}: JuryReport): string => {
  const { items: labelled = 0, agreement: right, bias } = againstLabels ?? {};
  return [
    `${counted(items, 'item')}, ${counted(verdicts, 'verdict')}, ${reviews} for review`,
    `alpha (${level}) ${formatNumber(alpha, 2)}`,
    ...(fleissKappa === undefined ? [] : [`Fleiss' kappa ${formatNumber(fleissKappa, 2)}`]),
    ...(agreement === undefined || consistency === undefined
      ? []
      : [`ICC ${formatNumber(agreement, 2)} (agreement), ${formatNumber(consistency, 2)} (consistency)`]),
    ...(labelled === 0
      ? []
      : [
          `${shares(right)} like ${counted(labelled, 'label')}${bias === undefined ? '' : `, bias ${numbers(bias)}`}`,
        ]),
    `cost ${formatCost(cost)}`,
  ].join('; ');
};

const shares = (estimate: Estimate | undefined): string =>
  estimate === undefined
    ? UNKNOWN
    : `${formatPercent(estimate.value)} (${percentFigure(estimate.low)}–${percentFigure(estimate.high)})`;

const numbers = (estimate: Estimate | undefined): string =>
  estimate === undefined
    ? UNKNOWN
    : `${formatNumber(estimate.value, 2)} (${formatNumber(estimate.low, 2)} to ${formatNumber(estimate.high, 2)})`;

const COLUMNS: readonly (readonly [head: string, cell: (juror: JurorReport) => string])[] = [
  ['juror', ({ juror }) => printable(juror, MAX_NAME)],
  ['graded', ({ graded }) => String(graded)],
  ['missing', ({ missing }) => String(missing)],
  ['contradictions', ({ contradictions }) => String(contradictions)],
  ['behind the verdict', ({ behindVerdict }) => shares(behindVerdict)],
  ['severity', ({ severity }) => numbers(severity)],
  ['prefers the first', ({ positionBias }) => numbers(positionBias)],
  ['p', ({ positionPValue }) => formatPValue(positionPValue)],
  ['like labels', ({ againstLabels }) => shares(againstLabels?.agreement)],
];
