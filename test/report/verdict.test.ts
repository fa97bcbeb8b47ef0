import { describe, expect, it } from 'vitest';
import { type Question, scorecard, type Trial } from '../../src/experiment/experiment.ts';
import { createEnsemble, defineModel, ModelError, type NoPredictionError } from '../../src/index.ts';
import { markdownReport } from '../../src/report/report.ts';
import { verdictOf } from '../../src/report/verdict.ts';

/** Returns the verdict on conditions that are right on these shares of 200 questions, each on questions drawn evenly. */
const cardOf = async (shares: Readonly<Record<string, number>>, down = 0) => {
  const models = Object.keys(shares).map((id) => defineModel(id, (text) => text));
  const results = await Promise.all(
    models.map((model) => createEnsemble({ models: [model], minResponses: 1 }).predict('x')),
  );
  const gone = await createEnsemble({
    models: [
      defineModel('gone', () => {
        throw new ModelError('gone', 'is down');
      }),
    ],
  })
    .predict('x')
    .catch((error: NoPredictionError) => error);
  const trials = Array.from({ length: 200 }, (_, n) => {
    const question: Question = { id: `${n}`, question: 'x', expected: 'x' };
    return Object.entries(shares).map(([condition, share], place): Trial => {
      // Different conditions are wrong on different questions.
      const isDown = place === 0 && n < down;
      const isWrong = (n * 7 + place * 31) % 200 >= share * 200;
      return {
        condition,
        question,
        result: isDown ? gone : (results[place] as Trial['result']),
        score: isDown ? undefined : Number(!isWrong),
      };
    });
  });
  return scorecard(trials.flat());
};

describe('the verdict of a report', () => {
  it.each([
    [{ a: 0.9, b: 0.9 }, /^The two conditions do not differ beyond chance \(p = 1\.000\)\.$/],
    [
      { a: 0.9, b: 0.9, c: 0.91 },
      /^No two conditions differ beyond chance \(p = 1\.000 at least, of 3 pairs\)\.$/,
    ],
    [{ a: 0.9, b: 0.4 }, /^a is better than b by 50\.0 points \(\d\d\.\d to \d\d\.\d\)\.$/],
    [
      { a: 0.9, hedged: 0.5, b: 0.9 },
      /^hedged is worse than every other condition, by 40\.0 points \(\d\d\.\d to \d\d\.\d\) or more\. The other pair does not differ beyond chance\.$/,
    ],
    [
      { a: 0.5, best: 0.95, b: 0.5 },
      /^best is better than every other condition, by 45\.0 points \(.*\) or more\. The other pair does not differ/,
    ],
    [
      { a: 0.1, b: 0.5, c: 0.95 },
      /^c is better than a by 85\.0 points \(.*\); .*; .* by 40\.0 points \(.*\)\.$/,
    ],
    [{ a: 0.9 }, /^a is right on 90\.0 % of 200 questions \(\d\d\.\d to \d\d\.\d\)\.$/],
  ])('of %j is %s', async (shares, sentence) => {
    const card = await cardOf(shares);
    expect(verdictOf(card)).toMatch(sentence);
    expect(markdownReport({ title: 'r', scorecard: card }).replaceAll('\\', '')).toContain(verdictOf(card));
  });

  it('leaves out a condition that an outage touched', async () => {
    const withheld = 'a: no verdict, because calls failed or are missing for more than 5 % of the questions.';
    expect(verdictOf(await cardOf({ a: 0.1, b: 0.9 }, 20))).toBe(`Nothing can be compared. ${withheld}`);
    expect(verdictOf(await cardOf({ a: 0.1, b: 0.9, c: 0.9 }, 20))).toBe(
      `The two conditions do not differ beyond chance (p = 1.000). ${withheld}`,
    );
  });
});
