import { readFileSync, writeFileSync } from 'node:fs';
import type { Figures } from './report.ts';

/** The figures of one run of the whole table, and what it ran on. */
export interface Results {
  /** The commit that was measured. */
  readonly commit: string;
  /** The day on which it was measured, as YYYY-MM-DD. */
  readonly day: string;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly figures: Figures;
}

const file = new URL('results.json', import.meta.url);

/** Reads the recorded results. */
export const readResults = (): Results => JSON.parse(readFileSync(file, 'utf8'));

/** Records the results of a run. */
export const writeResults = (results: Results): void =>
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
