import { createWriteStream } from 'node:fs';
import { type Options, stringify } from 'csv-stringify';
import { answerText } from '../domain/answer-key.ts';
import { ConfigError } from '../domain/errors.ts';
import { writtenIn } from '../domain/message.ts';
import { shownPath } from '../domain/quoting.ts';
import type { Query } from '../domain/request.ts';
import type { Graded } from '../experiment/jury/grade.ts';
import { anIterable, faultsOf, reading, refuse, required } from '../options.ts';
import { pathFaults } from './path-faults.ts';
import { writeRows } from './write-rows.ts';

/**
 * Writes the verdicts of a jury that are marked for a review as a CSV file (RFC 4180, UTF-8), one row each, and resolves with
 * the number of rows. The last column, `reviewer`, is empty: a person writes a grade of the scale into it, and `readReviews`
 * reads it back. For an experiment, pass `gradedIn(trials)` of `crucible-ensemble/experiment`.
 *
 * The columns are `id, question, answer, second_answer, expected, verdict, review`, then `grades` with the grade and the reason
 * of each juror, and `reviewer`. The file contains questions and answers. A text that a spreadsheet would read as a formula gets
 * an apostrophe before it. An existing file is replaced. Costs no calls.
 *
 * @throws {ConfigError} if an argument is invalid or the file cannot be written. Rejects with the error of the verdicts if
 * they fail; the rows before the error are in the file.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { defineModel } from 'crucible-ensemble';
 * import { needsReview } from 'crucible-ensemble/deciders';
 * import { gradeAll, jury } from 'crucible-ensemble/experiment';
 * import { exportForReview, readReviews } from 'crucible-ensemble/node';
 *
 * const juror = (id: string, grade: string) => defineModel(id, () => JSON.stringify({ reason: `I am ${id}.`, grade }));
 * const panel = jury({ members: [juror('a', 'yes'), juror('b', 'no')], review: needsReview() });
 * const path = join(mkdtempSync(join(tmpdir(), 'reviews-')), 'reviews.csv');
 * await exportForReview(gradeAll(panel, [{ id: '1', question: 'Why?', answer: 'Because.' }]), path); // => 1
 * (await readReviews(path)).size; // => 0
 * ```
 */
export const exportForReview = async (
  verdicts: Iterable<Graded> | AsyncIterable<Graded>,
  path: string,
): Promise<number> => {
  refuse([
    ...faultsOf('exportForReview', { verdicts }, { verdicts: required(anIterable) }),
    ...pathFaults('exportForReview', path),
  ]);
  let rows = 0;
  await writeRows(
    verdicts,
    (verdict) => {
      if (verdict.review === undefined) return undefined;
      rows += 1;
      return reading('exportForReview', () => rowOf(verdict));
    },
    () => [stringify(format), createWriteStream(path)],
    (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      return new ConfigError([`exportForReview: ${shownPath(path)} cannot be written (${code ?? message})`]);
    },
  );
  return rows;
};

/** The columns of a file of reviews. */
export const ID_COLUMN = 'id';
export const REVIEWER_COLUMN = 'reviewer';

/** A text that a spreadsheet would read as a formula (OWASP, "CSV Injection"), with any apostrophes before it. */
const FORMULA = /^'*(?=[=+\-@\t\r\n\0])/;

/** Puts an apostrophe before a text that is like a formula. */
function escaped(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Removes the apostrophe of {@link escaped}. */
export const unescaped = (text: string): string =>
  FORMULA.test(text) && text.startsWith("'") ? text.slice(1) : text;

const format: Options = {
  header: true,
  columns: [
    ID_COLUMN,
    'question',
    'answer',
    'second_answer',
    'expected',
    'verdict',
    'review',
    'grades',
    REVIEWER_COLUMN,
  ],
  record_delimiter: 'windows',
  bom: true,
  cast: { string: escaped },
  // A line feed is no delimiter of records here, but spreadsheets take it for one.
  quoted_match: /[\r\n]/,
};

const rowOf = ({ item, grade, review, jurors }: Graded): Readonly<Record<string, unknown>> => {
  const [answer = answerText(item.answer), second] = item.answers ?? [];
  return {
    id: item.id,
    question: questionText(item.question),
    answer,
    second_answer: second,
    expected: item.expected === undefined || item.expected === null ? '' : answerText(item.expected),
    verdict: grade,
    review,
    grades: jurors
      .map(({ juror, grade: own, reason, fault }) => `${juror}: ${own ?? 'none'}: ${reason ?? fault ?? ''}`)
      .join('\n'),
    reviewer: '',
  };
};

const questionText = (query: Query): string =>
  typeof query === 'string'
    ? query
    : query.messages.map(({ role, content }) => `${role}: ${writtenIn(content)}`).join('\n');
