import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { needsReview } from '../../src/deciders/deciders.ts';
import {
  jury,
  runExperiment,
  type Scorecard,
  scorecard,
  scorecardTable,
} from '../../src/experiment/experiment.ts';
import { defineModel } from '../../src/index.ts';
import { htmlReport, markdownReport } from '../../src/report/report.ts';
import { juror } from '../deciders/jurors.ts';

const hostile = '<script>alert(1)</script> grade 4';
const byDigit = (text: string): number => Number(/\d(?!.*\d)/.exec(text)?.[0]);

const scored = (options: object = {}, more: object = {}): Promise<Scorecard> =>
  scorecard(
    runExperiment({
      dataset: Array.from({ length: 5 }, (_, n) => ({ id: `q${n}`, question: 'Why?', expected: '4' })),
      conditions: { one: { models: [defineModel('m', () => hostile)] } },
      scorer: jury({
        members: [juror('a', byDigit), juror('b', byDigit), juror('severe', (text) => byDigit(text) - 3)],
        scale: { from: 1, to: 5 },
        review: needsReview(),
        ...more,
      }),
    }),
    options,
  );

describe('a report of an experiment with a jury', () => {
  test('lists the verdicts that are marked for a person, with what each juror says', async () => {
    const card = await scored();
    expect(card.reviews).toMatchObject({
      count: 5,
      examples: [
        {
          id: 'q0',
          condition: 'one',
          question: 'Why?',
          expected: '4',
          grade: 4,
          review: 'severe says 1, and a says 4',
          jurors: [{ juror: 'a', grade: 4, reason: 'a says so' }, {}, { juror: 'severe', grade: 1 }],
        },
        {},
        {},
        {},
        {},
      ],
    });
    expect(JSON.parse(JSON.stringify(card))).toEqual(card);
    const { document } = parseHTML(htmlReport({ title: 'Reviews', scorecard: card }));
    const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(headings).toContain('For a person');
    expect(document.querySelectorAll('script')).toHaveLength(0);
    const text = document.body.textContent;
    expect(text).toContain('5 verdicts of the jury are marked for a review.');
    expect(text).toContain('severe says 1, and a says 4');
    expect(text).toContain('severe: 1: severe says so');
    expect(text).toContain(hostile);
    const markdown = markdownReport({ title: 'Reviews', scorecard: card });
    expect(markdown).toContain('- q0 (one): severe says 1, and a says 4');
    expect(markdown).not.toContain('alert(1)');
    expect(scorecardTable(card)).toContain('- marked for a person: 5 verdicts of the jury');
  });

  test('keeps as many answers as it may, and counts all of them', async () => {
    const card = await scored({ maxExamples: 2 });
    expect([card.reviews?.count, card.reviews?.examples.length]).toEqual([5, 2]);
    expect(htmlReport({ title: 'Reviews', scorecard: card })).toContain('; 2 of them are shown');
  });

  test('says nothing if no verdict is marked', async () => {
    for (const card of [
      await scored({}, { review: undefined }),
      await scored({}, { review: needsReview({ spread: 1 }) }),
    ]) {
      expect(card).not.toHaveProperty('reviews');
      expect(htmlReport({ title: 'Reviews', scorecard: card })).not.toContain('For a person');
      expect(markdownReport({ title: 'Reviews', scorecard: card })).not.toContain('For a person');
    }
  });

  test('marks an answer without a verdict, which has no score', async () => {
    const card = await scored({}, { members: [juror('a', () => 1), juror('b', () => 5)] });
    expect(card.conditions[0]?.labelled).toBe(0);
    expect(card.reviews?.examples[0]).toMatchObject({
      id: 'q0',
      review: expect.stringContaining('no strict majority'),
    });
    expect(card.reviews?.examples[0]).not.toHaveProperty('grade');
  });
});
