import { causeLines } from '../experiment/scorecard/cause-lines.ts';
import type { Scorecard } from '../experiment/scorecard/scorecard.ts';
import { reading } from '../options.ts';
import { type Html, html } from '../rendering/html.ts';
import { page } from '../rendering/page.ts';
import { drawCharts } from './charts.ts';
import { differingSection } from './differing.ts';
import { type ReportContent, refuseWithoutScorecard } from './report-content.ts';
import { reviewsSection } from './reviews.ts';
import {
  aboutTable,
  type Cell,
  categoriesTables,
  comparisonsTable,
  conditionsTable,
  modelsTable,
  NOTES,
  type Table,
} from './summary.ts';
import { verdictOf } from './verdict.ts';

/**
 * Returns a report of an experiment as one HTML page: a table of the conditions, pairwise comparisons, accuracy over cost
 * and latency, latencies, accuracy over panel size, risk and coverage, calibration, agreement, and the questions on which
 * conditions differ, with the response of each model.
 *
 * The page is self-contained: charts are inline SVG, there are no scripts, and its security policy forbids loading or
 * running anything. It supports light and dark mode, phones and print. It contains questions and answers, escaped. A chart
 * is left out if there are no data for it.
 *
 * Costs no calls, and some milliseconds.
 *
 * @throws {ConfigError} if `scorecard` is not a scorecard, for example because it was not awaited.
 *
 * @example
 * ```ts
 * import { simulated } from 'crucible-ensemble';
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
  return reading('htmlReport', () => {
    refuseWithoutScorecard('htmlReport', content);
    const { title, basis, scorecard } = content;
    return page(title, [
      html`<h1>${title}</h1><p>${basis}</p>${stoppedLine(scorecard)}${verdictLine(scorecard)}`,
      section('Conditions', conditionsTable(scorecard), READING_CONDITIONS),
      notesSection(scorecard),
      section('Comparisons', comparisonsTable(scorecard), READING_COMPARISONS),
      section('Models', modelsTable(scorecard), READING_MODELS),
      html`<section><h2>Charts</h2><div class="charts">${drawCharts(content)}</div></section>`,
      html`<div class="by-condition">${categoriesTables(scorecard).map((table) => section('Categories', table, ''))}</div>`,
      differingSection(scorecard) ?? html``,
      reviewsSection(scorecard) ?? html``,
      html`<div class="about">${section('About this experiment', aboutTable(content), '')}</div>`,
    ]);
  });
};

const READING_CONDITIONS =
  'Ranges are 95 % intervals. A question without a prediction counts as wrong, unless calls failed or are not recorded: then it is left out of every figure. Latencies are those of predictions; costs include all calls, also cancelled ones. A cost with ≥ leaves out calls of unknown cost; it is a range if the prices of these calls are recorded.';
const READING_COMPARISONS =
  'On the questions that both conditions have a score for. p is McNemar’s exact test, adjusted by Holm for all rows. The range of the difference, in percentage points, is a paired bootstrap. There is no ratio of costs that leave out calls, unless they are ranges.';

const verdictLine = (scorecard: Scorecard): Html =>
  scorecard.conditions.length === 0 ? html`` : html`<p><strong>${verdictOf(scorecard)}</strong></p>`;

const stoppedLine = ({ stopped }: Scorecard): Html =>
  stopped === undefined ? html`` : html`<p><strong class="wrong">${stopped}.</strong></p>`;

const READING_MODELS =
  'The votes of each model by themselves, in the condition in which it voted most often. A call without a vote does not count. Ranges are 95 % intervals.';

/** Lists what was not measured, with the causes. */
const notesSection = ({ conditions }: Scorecard): Html => {
  const lines = causeLines(conditions);
  return lines.length === 0
    ? html``
    : html`<section><h2>${NOTES}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
};

const section = (title: string, { columns, rows }: Table, note: string): Html =>
  rows.length === 0
    ? html``
    : html`<section><h2>${title}</h2><div class="scroll"><table><thead><tr>${columns.map((name) => html`<th>${name}</th>`)}</tr></thead><tbody>${rows.map((cells) => html`<tr>${cells.map(toCell)}</tr>`)}</tbody></table></div><p>${note}</p></section>`;

const toCell = ({ text, range }: Cell): Html =>
  html`<td>${unbroken(text)}${range === undefined ? undefined : html`<small>${unbroken(range)}</small>`}</td>`;

/** Keeps a number and its unit on one line, also on paper. */
const unbroken = (text: string): string => text.replace(/(?<=\d) (?=(?:%|s|pp)(?: |$))/g, '\u00a0');
