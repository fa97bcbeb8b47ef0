/**
 * Tables of what works with a framework, as scripts such as `check-langchain.ts` find it by trying: one row for each capability,
 * one column for each way to use it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { markdownTable } from 'markdown-table';
import type { InstalledFolder } from './on-demand.ts';

/** Tries a capability. Returns what it counted, such as `2 of 2`; without a result the table says `yes`. Throws if it fails. */
export type Trial = () => Promise<string | undefined> | Promise<void>;

export interface CapabilityTable {
  /** The page in `docs/frameworks/`, without its ending. */
  readonly page: string;
  /** The folder with the packages, and those whose versions the page says. */
  readonly folder: InstalledFolder;
  readonly packages: readonly string[];
  readonly columns: readonly string[];
  /** A trial for each column; `undefined` if the column has no such capability. */
  readonly capabilities: Readonly<Record<string, readonly (Trial | undefined)[]>>;
}

const LIMIT_MS = 60_000;

const tried = async (what: string, trial: Trial | undefined): Promise<string> => {
  if (trial === undefined) return '–';
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error('took too long')), LIMIT_MS);
  try {
    return (await Promise.race([trial(), limit.promise])) ?? 'yes';
  } catch (error) {
    process.exitCode = 1;
    console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    return 'fails';
  } finally {
    clearTimeout(timer);
  }
};

/** The versions of installed packages, as one sentence. */
const versionsIn = ({ url }: InstalledFolder, packages: readonly string[]): string =>
  `${packages
    .map((name) => {
      const manifest = readFileSync(new URL(`node_modules/${name}/package.json`, url), 'utf8');
      return `${name} ${(JSON.parse(manifest) as { readonly version: string }).version}`;
    })
    .join(', ')}.`;

/**
 * Tries every capability, one after the other, and prints the versions and a table. The process fails if one of them fails. With
 * `--write`, writes both into the page, between `<!-- capabilities -->` and `<!-- end -->`.
 */
export const checkCapabilities = async (table: CapabilityTable): Promise<void> => {
  const rows = [['', ...table.columns]];
  for (const [name, trials] of Object.entries(table.capabilities)) {
    const cells: string[] = [];
    for (const [index, trial] of trials.entries())
      cells.push(await tried(`${table.columns[index]}: ${name}`, trial));
    rows.push([name, ...cells]);
  }
  const shown = `Run with ${versionsIn(table.folder, table.packages)}\n\n${markdownTable(rows, { alignDelimiters: false })}`;
  console.log(shown);
  if (!process.argv.includes('--write')) return;
  const page = new URL(`../docs/frameworks/${table.page}.md`, import.meta.url);
  const text = readFileSync(page, 'utf8');
  writeFileSync(
    page,
    text.replace(
      /(<!-- capabilities -->\n)[\s\S]*?(<!-- end -->)/,
      (_, start, end) => `${start}\n${shown}\n\n${end}`,
    ),
  );
};
