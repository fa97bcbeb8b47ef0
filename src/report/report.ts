/** Reports of an experiment for readers: a self-contained HTML page, Markdown, or CSV. */
export { csvReport } from './csv-report.ts';
export { htmlReport } from './html-report.ts';
export { markdownReport } from './markdown-report.ts';
export type { ReportContent } from './report-content.ts';
