import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { besideTable, type PromiseRecord, promiseTable, withinTable } from './promise-tables.ts';
import { calibrationTable, rulesTable, type StudyRecord, summaryTable } from './study-tables.ts';

/** All that the bench on recorded answers has measured and that pages show. */
export interface Results {
  readonly studies: readonly StudyRecord[];
  readonly promises: PromiseRecord;
}

const root = new URL('../../', import.meta.url);
const resultsFile = new URL('bench/recorded-answers/results.json', root);

/** The blocks of pages that are made from results, by their names. */
const blocks: Readonly<Record<string, (results: Results) => readonly string[]>> = {
  'real-answers': ({ studies }) => summaryTable(studies),
  rules: ({ studies }) => rulesTable(studies),
  calibration: ({ studies }) => calibrationTable(studies),
  promises: ({ promises }) => promiseTable(promises),
  'promises-kept': ({ promises }) => withinTable(promises),
  beside: ({ promises }) => besideTable(promises),
};

/** The pages with blocks. */
export const pages = ['README.md', 'docs/tuning.md'] as const;

/** Reads a page. */
export const pageText = (page: string): string => readFileSync(new URL(page, root), 'utf8');

/** Reads the recorded results. */
export const readResults = (): Results => JSON.parse(readFileSync(resultsFile, 'utf8'));

/** Returns a page with its blocks made from results: what stands between `<!-- bench:name -->` and `<!-- /bench -->`. */
export const withBlocks = (text: string, results: Results): string =>
  text.replace(/(<!-- bench:([\w-]+) -->\n).*?(<!-- \/bench -->)/gs, (_, begin, name, end) => {
    const made = blocks[name];
    if (made === undefined) throw new Error(`no block is called "${name}"`);
    return `${begin}${made(results).join('\n')}\n${end}`;
  });

/** Records what was measured, and writes it into the pages. */
export const recordResults = (measured: Partial<Results>): void => {
  const before = existsSync(resultsFile) ? readResults() : { studies: [], promises: { splits: 0, rows: [] } };
  const results = { ...before, ...measured };
  writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  for (const page of pages) writeFileSync(new URL(page, root), withBlocks(pageText(page), results));
};
