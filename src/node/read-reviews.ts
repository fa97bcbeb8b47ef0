import { ConfigError } from '../domain/errors.ts';
import { refuse } from '../options.ts';
import { csvRows } from './dataset/csv-rows.ts';
import { fileBytes } from './dataset/file-bytes.ts';
import { refuseIn } from './dataset/row.ts';
import { pathFaults } from './path-faults.ts';
import { ID_COLUMN, REVIEWER_COLUMN, unescaped } from './review-columns.ts';
import { unreadable } from './unreadable.ts';

/**
 * Reads the grades of a person from a file that `exportForReview` wrote: resolves with the grades by the ids of the items, for
 * the option `labels` of `juryReport`. Rows without a grade are left out. The file may have been saved by a spreadsheet, with
 * semicolons or tabs, and with other columns.
 *
 * A grade is a text as it was written; `juryReport` reads it by the scale, and refuses what is not on it.
 *
 * @throws {ConfigError} if the file cannot be read, has no columns `id` and `reviewer`, or has two grades of one item.
 *
 * @example
 * ```ts
 * import { mkdtempSync, writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readReviews } from 'crucible-ensemble/node';
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'reviews-')), 'reviews.csv');
 * writeFileSync(path, 'id;verdict;reviewer\r\n1;4;5\r\n2;;3\r\n3;1;\r\n');
 * [...(await readReviews(path))]; // => [['1', '5'], ['2', '3']]
 * ```
 */
export const readReviews = async (path: string): Promise<ReadonlyMap<string, string>> => {
  refuse(pathFaults('readReviews', path));
  const refuseRow = refuseIn(path);
  const grades = new Map<string, string>();
  try {
    for await (const row of csvRows(fileBytes(path), refuseRow, {
      fallback: ',',
      questionField: REVIEWER_COLUMN,
    })) {
      const missing = [ID_COLUMN, REVIEWER_COLUMN].filter((name) => !row.fields.includes(name));
      if (missing.length > 0)
        refuseRow('', [`there is no column ${missing.join(' and ')}; give a file of exportForReview`]);
      const grade = textIn(row.get(REVIEWER_COLUMN));
      const id = unescaped(String(row.get(ID_COLUMN) ?? ''));
      if (grade === '') continue;
      if (id === '') refuseRow(row.place, ['there is a grade without an id']);
      if (grades.has(id)) refuseRow(row.place, ['an earlier row has a grade for the same id']);
      grades.set(id, grade);
    }
  } catch (error) {
    throw error instanceof ConfigError ? error : unreadable(path, error);
  }
  return grades;
};

const textIn = (value: unknown): string => unescaped(String(value ?? '').trim());
