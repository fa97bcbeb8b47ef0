import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { withBlocks } from '../table/page-blocks.ts';
import { besideTable, type PromiseRecord, promiseTable, withinTable } from './promise-tables.ts';
import { calibrationTable, rulesTable, type StudyRecord, summaryTable } from './study-tables.ts';

/** All that the bench on recorded answers has measured and that pages show. */
export interface Results {
  readonly studies: readonly StudyRecord[];
  readonly promises: PromiseRecord;
}

const root = new URL('../../', import.meta.url);
const resultsFile = new URL('bench/recorded-answers/results.json', root);

/** The pages with blocks. */
export const pages = ['README.md', 'docs/tuning.md'] as const;

/** Reads a page. */
export const pageText = (page: string): string => readFileSync(new URL(page, root), 'utf8');

/** Reads the recorded results. */
export const readResults = (): Results => JSON.parse(readFileSync(resultsFile, 'utf8'));

/** Returns a page with the tables of the results. */
export const pageOf = (text: string, { studies, promises }: Results): string =>
  withBlocks(text, {
    'real-answers': () => summaryTable(studies),
    rules: () => rulesTable(studies),
    calibration: () => calibrationTable(studies),
    promises: () => promiseTable(promises),
    'promises-kept': () => withinTable(promises),
    beside: () => besideTable(promises),
  });

/** Records what was measured, and writes it into the pages. */
export const recordResults = (measured: Partial<Results>): void => {
  const before = existsSync(resultsFile) ? readResults() : { studies: [], promises: { splits: 0, rows: [] } };
  const results = { ...before, ...measured };
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  for (const page of pages) writeFileSync(new URL(page, root), pageOf(pageText(page), results));
};
