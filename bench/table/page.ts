import { readFileSync, writeFileSync } from 'node:fs';
import { type Bar, bars, type RowName } from './bars.ts';
import { judge, median } from './judge.ts';
import { withBlocks } from './page-blocks.ts';
import { barOf, shown } from './report.ts';
import type { Results } from './results.ts';

const file = new URL('../../docs/performance.md', import.meta.url);

const verdicts = { met: 'yes', near: 'within noise', missed: 'no', 'no bar': '' } as const;

const groups = [...new Set(Object.values<Bar>(bars).map(({ group }) => group))];
const slug = (group: string): string => `speed-${group.toLowerCase().replaceAll(' ', '-')}`;

/** The blocks of the page with a table, one for each group of rows. */
export const groupBlocks: readonly string[] = groups.map(slug);

const tableOf = (group: string, { figures }: Results): string[] => {
  const rows = (Object.entries<Bar>(bars) as [RowName, Bar][])
    .filter(([, row]) => row.group === group)
    .map(([name, row]) => {
      const measured = figures[name] ?? 'not measured';
      const [figure, verdict] =
        typeof measured === 'string'
          ? [measured, '']
          : [`${shown(median(measured))} ${row.unit}`, verdicts[judge(row, measured)]];
      return [row.name, row.before ?? '', figure, barOf(row), verdict];
    });
  return [['measure', 'before', 'now', 'bar', 'met'], Array<string>(5).fill('---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
};

const madeOn = ({ commit, day, node, processor, cores }: Results): string[] => [
  `Measured on ${day} on commit ${commit} with Node ${node}, on ${cores} busy cores (${processor}).`,
];

/** Reads the page. */
export const pageText = (): string => readFileSync(file, 'utf8');

/** Returns the page with the tables of the results. */
export const pageOf = (text: string, results: Results): string =>
  withBlocks(text, {
    'speed-run': () => madeOn(results),
    ...Object.fromEntries(groups.map((group) => [slug(group), () => tableOf(group, results)])),
  });

/** Writes the results into the page. */
export const writePage = (results: Results): void => writeFileSync(file, pageOf(pageText(), results));
