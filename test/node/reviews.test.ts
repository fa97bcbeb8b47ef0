import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needsReview } from '../../src/deciders/deciders.ts';
import { type Graded, gradeAll, type JuryItem, jury, juryReport } from '../../src/experiment/experiment.ts';
import { ConfigError } from '../../src/index.ts';
import { exportForReview, readReviews } from '../../src/node/node.ts';
import { fileOf } from '../cli/recording.ts';
import { juror } from '../deciders/jurors.ts';

const scale = { from: 1, to: 5 } as const;
const byDigit = (text: string): number => Number(/\d/.exec(text)?.[0]);

const items: readonly JuryItem[] = ['=grade 5', 'grade 2, with "quotes";\nand lines', 'grade 4'].map(
  (answer, n) => ({ id: ['+a', 'b;c', 'd'][n] as string, question: 'Why?', answer, expected: 'Because.' }),
);

const graded = (review: (verdict: { score: number | undefined }) => boolean): Promise<Graded[]> => {
  const members = [juror('a', byDigit), juror('b', byDigit), juror('severe', (text) => byDigit(text) - 1)];
  return Array.fromAsync(gradeAll(jury({ members, scale, review }), items));
};

/** Writes the grades of a person into the last column, as a spreadsheet would. */
const reviewedBy = (csv: string, grades: readonly string[]): string => {
  let row = -1;
  return csv.replace(/,(?:reviewer)?\r\n/g, (end) => {
    row += 1;
    return row === 0 ? end : `,${grades[row - 1]}\r\n`;
  });
};

describe('a file of reviews', () => {
  test('has the marked verdicts, and returns with the grades of a person', async () => {
    const path = fileOf('', 'reviews.csv');
    const verdicts = await graded(({ score = 0 }) => score !== 0.75);
    expect(await exportForReview(verdicts, path)).toBe(2);
    const csv = readFileSync(path, 'utf8');
    expect(csv).toMatch(
      /^\ufeffid,question,answer,second_answer,expected,verdict,review,grades,reviewer\r\n'\+a,Why\?,'=grade 5,,Because\.,5,by its rule,/,
    );
    expect(csv).toContain('"a: 5: a says so\nb: 5: b says so\nsevere: 4: severe says so",');
    writeFileSync(path, reviewedBy(csv, ['4', '2']));
    const labels = await readReviews(path);
    expect([...labels]).toEqual([
      ['+a', '4'],
      ['b;c', '2'],
    ]);
    const report = juryReport(verdicts, { labels });
    expect(report.againstLabels).toMatchObject({ items: 2, bias: { value: 0.5 } });
    expect(report.reviews).toBe(2);
  });

  test('with nothing marked has a header alone, and no grades', async () => {
    const path = fileOf('', 'reviews.csv');
    expect(await exportForReview(await graded(() => false), path)).toBe(0);
    expect((await readReviews(path)).size).toBe(0);
  });

  test('has the two answers of a pair, and what each juror says of them', async () => {
    const path = fileOf('', 'reviews.csv');
    const members = [juror('a', byDigit), juror('b', (text) => -byDigit(text))];
    const panel = jury({ members, scale: 'pairwise', review: needsReview() });
    const pair = { id: '1', question: 'Why?', answers: ['grade 1', 'grade 2'] as const };
    expect(await exportForReview(gradeAll(panel, [pair]), path)).toBe(1);
    expect(readFileSync(path, 'utf8')).toContain('1,Why?,grade 1,grade 2,,,no strict majority');
  });

  test('keeps every id and grade, in any text', async () => {
    const path = fileOf('', 'reviews.csv');
    const [verdict] = await graded(() => true);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
        async (ids) => {
          const named = ids.map((id) => ({ ...(verdict as Graded), item: { ...items[2], id } as JuryItem }));
          writeFileSync(path, '');
          await exportForReview(named, path);
          writeFileSync(
            path,
            reviewedBy(
              readFileSync(path, 'utf8'),
              ids.map((_, index) => `${1 + (index % 5)}`),
            ),
          );
          expect([...(await readReviews(path)).keys()]).toEqual(ids);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is replaced if it has no grade yet', async () => {
    const path = fileOf('', 'reviews.csv');
    const verdicts = await graded(() => true);
    expect(await exportForReview(verdicts, path)).toBe(3);
    expect(await exportForReview(verdicts.slice(1), path)).toBe(2);
    expect(readFileSync(path, 'utf8')).not.toContain('+a');
  });

  test.each([
    [
      'a grade',
      'id;verdict;reviewer\r\n1;4;\r\n2;4;0\r\n',
      /has 1 grade of a person; read it with readReviews/,
    ],
    ['grades', 'id,reviewer\n1,5\n2,4\n', /has 2 grades of a person/],
    ['two grades of one item', 'id,reviewer\n1,5\n1,4\n', /may have grades of a person; give another path/],
    [
      'another form',
      'name,mark\n1,5\n',
      /may have grades of a person; give another path, or remove the file/,
    ],
  ])('is kept if it has %s', async (_case, text, message) => {
    const path = fileOf(text, 'reviews.csv');
    const failure = exportForReview(await graded(() => true), path);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(ConfigError);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each<[string, boolean[]]>([
    ['marked', [true, true]],
    ['not both marked', [true, false]],
  ])('is not made of two verdicts with one id, %s', async (_case, marked) => {
    const [verdict] = await graded(() => true);
    const same = marked.map((isMarked) => ({ ...(verdict as Graded), review: isMarked ? 'why' : undefined }));
    await expect(exportForReview(same as Graded[], fileOf('', 'reviews.csv'))).rejects.toThrow(
      'exportForReview: two verdicts have the id "+a", so that a grade of a person would belong to both',
    );
  });

  test.each([
    ['has no column of grades', 'id,verdict\n1,2\n', /there is no column reviewer/],
    ['has a grade without an id', 'id,reviewer\n,2\n', /line 2: there is a grade without an id/],
    ['has two grades of one item', 'id,reviewer\n1,2\n1,3\n', /line 3: an earlier row has a grade/],
  ])('is refused if it %s', async (_case, text, message) => {
    await expect(readReviews(fileOf(text, 'reviews.csv'))).rejects.toThrow(message);
  });

  test('that is not there is refused, as is a place that cannot be written', async () => {
    await expect(readReviews('/nowhere/reviews.csv')).rejects.toThrow(/there is no such file/);
    await expect(exportForReview([], '/nowhere/reviews.csv')).rejects.toThrow(/cannot be written \(ENOENT\)/);
    await expect(exportForReview([], dirname(fileOf('', 'x')))).rejects.toThrow(
      /cannot be written \(EISDIR\)/,
    );
    await expect(exportForReview({} as never, 'x.csv')).rejects.toThrow(/an iterable/);
  });
});
