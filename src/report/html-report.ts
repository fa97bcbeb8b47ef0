import { refuse } from '../options.ts';
import { type Html, html } from '../rendering/html.ts';
import { page } from '../rendering/page.ts';
import {
  agreementCharts,
  calibrationChart,
  costChart,
  latencyChart,
  latencyDistributionChart,
  reliabilityChart,
  riskCoverageChart,
} from './charts.ts';
import { differingSection } from './differing.ts';
import type { ReportContent } from './report-content.ts';
import { reportFaults } from './report-faults.ts';
import { type Cell, categoriesTable, comparisonsTable, conditionsTable, type Table } from './summary.ts';

/**
 * A report of an experiment as one page of HTML: the conditions side by side, each two compared, what accuracy
 * costs in money and time, latencies, reliability over size, risk and coverage, calibration, agreement, and the
 * questions on which conditions differ with what each model said.
 *
 * The page needs nothing else: charts are inline SVG, there is no script, and it is forbidden to load or run
 * anything. It follows light and dark, is readable on a phone, and prints. Questions and answers of the
 * scorecard are in it, escaped. A chart for which there are no data is left out.
 *
 * Costs no calls, and some 50 ms a chart.
 *
 * @throws {ConfigError} for a scorecard that is none, such as one that was not awaited.
 *
 * @example
 * ```ts
 * import { runExperiment, scorecard } from 'crucible-ensemble/experiment';
 * import { htmlReport } from 'crucible-ensemble/report';
 *
 * const trials = runExperiment({
 *   dataset: Array.from({ length: 20 }, (_, a) => ({ id: `${a}`, question: `What is ${a} + 1?`, expected: a + 1 })),
 *   conditions: {
 *     one: { models: [simulated({ id: 'a', accuracy: 0.7 })], normalization: 'numeric' },
 *     three: { models: ['a', 'b', 'c'].map((id) => simulated({ id, accuracy: 0.7 })), normalization: 'numeric' },
 *   },
 * });
 * const page = htmlReport({ title: 'One or three', basis: 'Simulated models.', scorecard: await scorecard(trials) });
 * page.includes('<svg'); // => true
 * ```
 */
export const htmlReport = (content: ReportContent): string => {
  refuse(reportFaults('htmlReport', content));
  const { title, basis, scorecard, reliability } = content;
  const charts = [
    costChart(scorecard),
    latencyChart(scorecard),
    latencyDistributionChart(scorecard),
    reliability && reliabilityChart(reliability),
    riskCoverageChart(scorecard),
    calibrationChart(scorecard),
    ...agreementCharts(scorecard),
  ].filter((drawn) => drawn !== undefined);
  return page(title, [
    html`<h1>${title}</h1><p>${basis}</p>`,
    section('Conditions', conditionsTable(scorecard), READING_CONDITIONS),
    section('Compared', comparisonsTable(scorecard), READING_COMPARISONS),
    html`<section><h2>Charts</h2><div class="charts">${charts}</div></section>`,
    section('Categories', categoriesTable(scorecard), ''),
    differingSection(scorecard) ?? html``,
  ]);
};

const READING_CONDITIONS =
  'Ranges hold at 95 %. A question without a prediction counts as not right. Latencies are of predictions; costs are those of all calls, aborted ones too.';
const READING_COMPARISONS =
  'On the questions that both were asked. p is McNemar’s exact test, adjusted by Holm for all rows; the difference is a paired bootstrap, in percentage points.';

const section = (title: string, { columns, rows }: Table, note: string): Html =>
  rows.length === 0
    ? html``
    : html`<section><h2>${title}</h2><div class="scroll"><table><thead><tr>${columns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows.map((cells) => html`<tr>${cells.map(toCell)}</tr>`)}</tbody></table></div><p>${note}</p></section>`;

const toCell = ({ text, range }: Cell): Html =>
  html`<td>${text}${range === undefined ? undefined : html`<small>${range}</small>`}</td>`;
