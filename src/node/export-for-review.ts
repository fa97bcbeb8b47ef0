import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Options, stringify } from 'csv-stringify';
import { answerText } from '../domain/answer-key.ts';
import { ConfigError } from '../domain/errors.ts';
import { writtenIn } from '../domain/message.ts';
import { quotedName, shownPath } from '../domain/quoting.ts';
import type { Query } from '../domain/request.ts';
import type { Graded } from '../experiment/jury/grade.ts';
import { anIterable, faultsOf, reading, refuse, required } from '../options.ts';
import { counted } from '../rendering/amounts.ts';
import { csvFormat } from '../rendering/csv-format.ts';
import { pathFaults } from './path-faults.ts';
import { readReviews } from './read-reviews.ts';
import { escaped, ID_COLUMN, REVIEWER_COLUMN } from './review-columns.ts';
import { writeRows } from './write-rows.ts';

/**
 * Writes the verdicts of a jury that are marked for a review as a CSV file (RFC 4180, UTF-8), one row each, and resolves with
 * the number of rows. The last column, `reviewer`, is empty: a person writes a grade of the scale into it, and `readReviews`
 * reads it back. For an experiment, pass `gradedIn(trials)` of `crucible-ensemble/experiment`.
 *
 * The columns are `id, question, answer, second_answer, expected, verdict, review`, then `grades` with the grade and the reason
 * of each juror, and `reviewer`. The file contains questions and answers. A text that a spreadsheet would read as a formula gets
 * an apostrophe before it. An existing file is replaced, unless it has grades of a person. Costs no calls.
 *
 * @throws {ConfigError} if an argument is invalid, the file cannot be written, or it exists and is no export without grades; if
 * two verdicts have the same id. Rejects with the error of the verdicts if they fail. The rows before an error of the verdicts
 * are in the file.
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
  await refuseToReplaceGrades(path);
  const ids = new Set<string>();
  let rows = 0;
  await writeRows(
    verdicts,
    (verdict) =>
      reading('exportForReview', () => {
        const { id } = verdict.item;
        if (ids.has(id))
          refuse([
            `exportForReview: two verdicts have the id ${quotedName(id)}, so that a grade of a person would belong to both; give each item an id of its own`,
          ]);
        ids.add(id);
        if (verdict.review === undefined) return undefined;
        rows += 1;
        return rowOf(verdict);
      }),
    () => [stringify(format), createWriteStream(path)],
    (error) => {
      const { code, message } = error as NodeJS.ErrnoException;
      return new ConfigError([`exportForReview: ${shownPath(path)} cannot be written (${code ?? message})`]);
    },
  );
  return rows;
};

/** The grades in a file are the work of a person: it is replaced only if it certainly has none. */
const refuseToReplaceGrades = async (path: string): Promise<void> => {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return;
  const grades = await readReviews(path).catch((error: unknown) => {
    const { message } = error as Error;
    throw new ConfigError([
      `exportForReview: ${shownPath(path)} exists, and may have grades of a person; give another path, or remove the file: ${message}`,
    ]);
  });
  if (grades.size > 0)
    refuse([
      `exportForReview: ${shownPath(path)} exists, and has ${counted(grades.size, 'grade')} of a person; read it with readReviews, then give another path, or remove the file`,
    ]);
};

const format: Options = {
  ...csvFormat,
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
  bom: true,
  cast: { string: escaped },
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
