/** What an experiment came to, for readers: one page that needs nothing else, or plain text. */
export { csvReport } from './csv-report.ts';
export { htmlReport } from './html-report.ts';
export { markdownReport } from './markdown-report.ts';
export type { ReportContent } from './report-content.ts';
