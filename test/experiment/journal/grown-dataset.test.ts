import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Journal,
  memoryJournal,
  type Question,
  rescore,
  runExperiment,
  scorecard,
} from '../../../src/experiment/experiment.ts';
import { defineModel } from '../../../src/index.ts';
import { markdownReport } from '../../../src/report/report.ts';

/** Runs an experiment with a model that doubles, and returns what it was asked and the scores by id. */
const run = async (dataset: readonly Question[], journal: Journal, samples = 1) => {
  const asked: string[] = [];
  const model = defineModel('double', (question) => {
    asked.push(question);
    return String(2 * Number(question));
  });
  const conditions = { one: { models: [model], samples, minResponses: 1 } };
  const trials = await Array.fromAsync(runExperiment({ dataset, conditions, journal, concurrency: 1 }));
  return { asked, scores: Object.fromEntries(trials.map(({ question, score }) => [question.id, score])) };
};

const row = (number: number, more: Partial<Question> = {}): Question => ({
  id: `row ${number}`,
  question: String(number),
  expected: String(2 * number),
  ...more,
});

describe('a journal that goes on with a changed dataset', () => {
  const rows = [1, 2, 3].map((number) => row(number));
  it.each<readonly [what: string, changed: readonly Question[], asked: readonly string[], right: number]>([
    ['the same', rows, [], 3],
    ['rows at the end', [...rows, row(4), row(5)], ['4', '5'], 5],
    ['rows at the front', [row(4), row(5), ...rows], ['4', '5'], 5],
    ['rows in between', [row(1), row(4), row(2), row(3)], ['4'], 4],
    ['another order', rows.toReversed(), [], 3],
    ['fewer rows', rows.slice(1), [], 2],
    ['other ids', rows.map((each, index) => ({ ...each, id: `${index}` })), [], 3],
    ['the id of another row', rows.map((each, index) => ({ ...each, id: `row ${3 - index}` })), [], 3],
    ['a corrected label', [row(1, { expected: '7' }), row(2), row(3)], [], 2],
    ['labels of another type', rows.map((each) => ({ ...each, expected: Number(each.expected) })), [], 3],
    ['categories', rows.map((each) => ({ ...each, category: 'new' })), [], 3],
    [
      'other answers beside them',
      rows.map((each) => ({ ...each, responses: [{ model: 'x', text: '?' }] })),
      [],
      3,
    ],
    ['a changed question', [row(1), row(2, { question: '20', expected: '40' }), row(3)], ['20'], 3],
    [
      'a question with a system prompt',
      [row(1, { question: { system: 'Add.', messages: [{ role: 'user', content: '1' }] } })],
      ['1'],
      1,
    ],
  ])('asks only for what was not asked before: %s', async (_, changed, asked, right) => {
    const journal = memoryJournal();
    expect((await run(rows, journal)).asked).toStrictEqual(['1', '2', '3']);
    const second = await run(changed, journal);
    expect(second.asked).toStrictEqual(asked);
    expect(Object.values(second.scores).filter((score) => score === 1)).toHaveLength(right);
    expect((await run(changed, journal)).asked).toStrictEqual([]);
  });

  it('makes one call for each different question, whatever the datasets were', async () => {
    const numbers = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(numbers, { minLength: 1, maxLength: 5 }), async (datasets) => {
        const journal = memoryJournal();
        const seen = new Set<number>();
        for (const dataset of datasets) {
          const fresh = new Set(dataset.filter((number) => !seen.has(number)));
          const rowsOf = dataset.map((number, index) => row(number, { id: `${index}` }));
          expect((await run(rowsOf, journal)).asked).toHaveLength(fresh.size);
          for (const number of dataset) seen.add(number);
          expect(journal.count).toBe(seen.size);
        }
      }),
      { seed: 13, numRuns: 40 },
    );
  });

  it('shares the calls of two rows with the same question, and scores each by its own label', async () => {
    const journal = memoryJournal();
    const twice = [row(1), row(1, { id: 'again' }), row(1, { id: 'otherwise', expected: '3' })];
    const { asked, scores } = await run(twice, journal);
    expect(asked).toStrictEqual(['1']);
    expect(scores).toStrictEqual({ 'row 1': 1, again: 1, otherwise: 0 });
  });

  it('keeps the samples of a question apart, and makes only those that are missing', async () => {
    const journal = memoryJournal();
    expect((await run([row(1)], journal, 2)).asked).toHaveLength(2);
    expect((await run([row(1), row(2)], journal, 2)).asked).toStrictEqual(['2', '2']);
    expect((await run([row(1)], journal, 5)).asked).toHaveLength(3);
    expect((await run([row(1)], journal)).asked).toHaveLength(0);
  });

  it('is reported by the rows of the dataset, also if the journal has more', async () => {
    const journal = memoryJournal();
    await run(
      [1, 2, 3, 4, 5].map((number) => row(number)),
      journal,
    );
    const conditions = { one: { models: [defineModel('double', () => 'never')], minResponses: 1 } };
    const dataset = [row(2), row(4, { expected: '9' })];
    const card = await scorecard(rescore({ dataset, conditions, journal }));
    expect(card.trials).toBe(2);
    expect(card.conditions[0]).toMatchObject({ questions: 2, labelled: 2, right: 1 });
    expect(markdownReport({ title: 'Two of five', scorecard: card })).toContain(
      '| 50.0 % (9.5 % to 90.5 %) |',
    );
  });
});
