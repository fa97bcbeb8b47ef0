import { describe, expect, it } from 'vitest';
import type { Scorecard } from '../../../src/experiment/scorecard/scorecard.ts';
import { scorecardFold } from '../../../src/experiment/scorecard/scorecard-fold.ts';
import { scorecardTable } from '../../../src/experiment/scorecard/scorecard-table.ts';
import { call, failure, prediction } from '../../metrics/predictions.ts';

/** Two conditions on as many questions: the first is right on every other one, the second on all but the last. */
const card = (first: string, second: string, questions = 40): Scorecard => {
  const fold = scorecardFold();
  for (let index = 0; index < questions; index += 1) {
    const question = { id: `${index}`, question: '?', expected: '4' };
    fold.add({
      condition: first,
      question,
      result: prediction({ calls: [call('m')], metadata: { latencyMs: 1000 } }),
      score: index % 2,
    });
    fold.add({
      condition: second,
      question,
      result:
        index < questions - 1
          ? prediction({
              calls: [
                call('m', { costUsd: undefined, costSource: 'unknown' }),
                call('n', { costUsd: 0.0025 }),
              ],
            })
          : failure([]),
      score: Number(index < questions - 1),
    });
  }
  return fold.scorecard();
};

describe('scorecardTable', () => {
  it('shows conditions and comparisons as aligned Markdown', () => {
    expect(scorecardTable(card('one', 'two'))).toBe(
      [
        '| condition | questions |           accuracy | coverage | cost a question |    p50 |    p95 | calls |    ECE | calibrated |',
        '| --------- | --------: | -----------------: | -------: | --------------: | -----: | -----: | ----: | -----: | ---------: |',
        '| one       |        40 | 50.0 % (35.2–64.8) |  100.0 % |          $0.001 | 1.00 s | 1.00 s |  1.00 | 50.0 % |     10.4 % |',
        '| two       |        40 | 97.5 % (87.1–99.6) |   97.5 % |       ≥$0.00244 | 0.01 s | 0.01 s |  1.95 |  0.0 % |      0.5 % |',
        '',
        '| first | second | questions | only first right | only second right |   difference in points |       p | p by Holm | cost |     p50 |',
        '| ----- | ------ | --------: | ---------------: | ----------------: | ---------------------: | ------: | --------: | ---: | ------: |',
        '| one   | two    |        40 |                1 |                20 | +47.5 (+30.0 to +65.0) | < 0.001 |   < 0.001 |    – | ×0.0101 |',
        '',
        '- two: 1 question without a prediction (CancelledError), for example at 39: the prediction was cancelled',
      ].join('\n'),
    );
  });

  it('leaves out an empty table of comparisons, and shows unknown values as a dash', () => {
    const fold = scorecardFold();
    fold.add({ condition: 'a', question: { id: '1', question: '?' }, result: failure([]), score: undefined });
    const table = scorecardTable(fold.scorecard());
    const [, , row = '', ...notes] = table.split('\n');
    expect(row).toMatch(/ – \|.* – \|$/);
    expect(notes).toStrictEqual([
      '',
      '- a: no accuracy, and left out of comparisons: its question was not answered',
      '- a: 1 question without a prediction (CancelledError), for example at 1: the prediction was cancelled',
    ]);
    expect(scorecardTable(scorecardFold().scorecard()).split('\n')).toHaveLength(2);
  });

  it('lets no name be markup', () => {
    const [, , first = ''] = scorecardTable(card('<img src=x> [a](b) `c` *d*', 'snake_case')).split('\n');
    expect(first).toContain('\\<img src=x\\> \\[a\\](b) \\`c\\` \\*d\\*');
    expect(scorecardTable(card('snake_case', 'a+b parallel'))).toContain('| snake_case ');
  });

  it('lets no name leave its cell, its line, or the alignment', () => {
    const lines = scorecardTable(card('a|b\n| \u001b[2J', `__proto__${'x'.repeat(100)}`)).split('\n');
    expect(lines.join()).not.toContain('\u001b');
    expect(lines).toHaveLength(10);
    expect(lines[2]).toContain('a\\|b ⏎ \\| \\\\x1b\\[2J');
    expect(lines[3]).toContain(`\\_\\_proto\\_\\_${'x'.repeat(30)}…`);
    expect(new Set(lines.slice(0, 4).map((line) => line.length)).size).toBe(1);
  });
});
