import { faultsOf, nonEmpty, oneOf, refuse } from '../options.ts';
import { markdownTable, markdownText } from '../rendering/markdown.ts';
import { aggregateStats } from './aggregate-stats.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { type SummaryTable, summaryTables } from './summary/summary-table.ts';
import { toHtml } from './summary/to-html.ts';
import { toText } from './summary/to-text.ts';

/** Options of {@link summaryReport}. */
export interface SummaryReportOptions {
  /** `text` for a terminal, `markdown`, or `html`: a page that loads nothing, in light and dark. Default `text`. */
  readonly format?: 'text' | 'markdown' | 'html';
  /** Default `Predictions`. */
  readonly title?: string;
}

const toMarkdown = (title: string, tables: readonly SummaryTable[]): string =>
  `${[
    `# ${markdownText(title)}`,
    ...tables.map(({ title: heading, columns, rows }) => `## ${heading}\n\n${markdownTable(columns, rows)}`),
  ].join('\n\n')}\n`;

const writers = { text: toText, markdown: toMarkdown, html: toHtml };

/**
 * A report of many predictions, for people: how many there are, how sure, how long they took, what they cost,
 * and the same for each model.
 *
 * It takes predictions, errors among them, or the statistics of them that `aggregate` makes of a stream. What it
 * says is in {@link Stats}; an amount that leaves something out says "at least". No prompts and no answers are in
 * it. Names are shown as they are, and are never markup, or anything that a terminal acts on. Costs no calls.
 *
 * @throws {ConfigError} for a format that there is not, or an empty title.
 *
 * @example
 * ```ts
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
  refuse(faultsOf('summaryReport', options, { format: oneOf(Object.keys(writers), ''), title: nonEmpty }));
  const { format = 'text', title = 'Predictions' } = options;
  const stats = 'latencyMs' in results ? results : aggregateStats(results);
  return writers[format](title, summaryTables(stats));
};
