import { checked, nonEmpty, oneOf, reading } from '../options.ts';
import { columnLines } from '../rendering/columns.ts';
import { html } from '../rendering/html.ts';
import { markdownTable, markdownText } from '../rendering/markdown.ts';
import { page } from '../rendering/page.ts';
import { printable } from '../rendering/printable.ts';
import { aggregateStats } from './aggregate-stats.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { type SummaryTable, summaryTables } from './summary-table.ts';

/** Options of {@link summaryReport}. */
export interface SummaryReportOptions {
  /** `text` for a terminal, `markdown`, or `html`: a page that loads nothing, in light and dark. Default `text`. */
  readonly format?: 'text' | 'markdown' | 'html';
  /** Default `Predictions`. */
  readonly title?: string;
}

const MAX_CELL = 40;

/** Renders a summary as lines for a terminal. */
const toText = (title: string, tables: readonly SummaryTable[]): string => {
  const sections = tables.map(({ title: heading, columns, rows }) => {
    const cells = rows.map((row) => row.map((cell) => printable(cell, MAX_CELL)));
    const hasHeads = columns.some((column) => column !== '' && column !== 'value');
    return [heading, ...columnLines(hasHeads ? [columns, ...cells] : cells).map((line) => `  ${line}`)].join(
      '\n',
    );
  });
  return `${[printable(title), ...sections].join('\n\n')}\n`;
};

const toMarkdown = (title: string, tables: readonly SummaryTable[]): string =>
  `${[
    `# ${markdownText(title)}`,
    ...tables.map(({ title: heading, columns, rows }) => `## ${heading}\n\n${markdownTable(columns, rows)}`),
  ].join('\n\n')}\n`;

/** Renders a summary as a standalone page. */
const toHtml = (title: string, tables: readonly SummaryTable[]): string =>
  page(title, [
    html`<h1>${title}</h1>`,
    ...tables.map(
      ({ title: heading, columns, rows }) => html`
<h2>${heading}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${heading}"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows.map(
        ([name, ...cells]) =>
          html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`,
      )}</tbody>
</table></div>`,
    ),
  ]);

const writers = { text: toText, markdown: toMarkdown, html: toHtml };

/**
 * A report of many predictions for people: counts, consensus, latencies and costs, overall and for each
 * model.
 *
 * Takes predictions and errors, or the statistics that `aggregate` computes from a stream; see {@link Stats}.
 * If an amount is incomplete, it says "at least". Contains no prompts and no answers. Names are escaped: they
 * cannot become markup or terminal control sequences. Makes no calls.
 *
 * @throws {ConfigError} if the format is unknown or the title is empty.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { summaryReport } from 'crucible-ensemble/metrics';
 *
 * const ensemble = createEnsemble({
 *   models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 1, costUsd: 0.001 })),
 * });
 * const report = summaryReport([await ensemble.predict('What is 2 + 2?')], { title: 'Sums' });
 * report.startsWith('Sums\n'); // => true
 * /predictions +1 \(100\.0 %\)/.test(report); // => true
 * ```
 */
export const summaryReport = (
  results: Iterable<PredictionResult> | Stats,
  options: SummaryReportOptions = {},
): string => {
  return reading('summaryReport', () => {
    const { format, title } = checked('summaryReport', options, {
      format: [oneOf(Object.keys(writers), ''), 'text'],
      title: [nonEmpty, 'Predictions'],
    });
    const stats = 'latencyMs' in results ? results : aggregateStats(results);
    return writers[format](title, summaryTables(stats));
  });
};
