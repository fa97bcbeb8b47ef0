import { describe, expect, it } from 'vitest';
import { scorecard, scorecardTable } from '../../../src/experiment/experiment.ts';
import type { Scorecard } from '../../../src/experiment/scorecard/scorecard.ts';
import type { Trial } from '../../../src/experiment/trial.ts';
import { csvReport, htmlReport, markdownReport } from '../../../src/report/report.ts';
import { type CallSketch, call } from '../../metrics/predictions.ts';
import { trial } from './trial.ts';

const known = (costUsd: number): CallSketch => call('m', { costUsd });
const unknown = call('n', { status: 'cancelled', costUsd: undefined, costSource: 'unknown' });
const atMost = (maxCostUsd: number): CallSketch => ({ ...unknown, maxCostUsd });

/** Ten questions, of which a condition answers so many rightly. */
const condition = (name: string, right: number, ...calls: CallSketch[]): Trial[] =>
  Array.from({ length: 10 }, (_, index) =>
    trial(name, `q${index}`, index < right ? '4' : '5', { calls, metadata: {} }),
  );

const cellsOf = (markdown: string, column: string): string[] => {
  const [head = '', , ...rows] = markdown.split('\n').filter((line) => line.startsWith('|'));
  const place = head.split('|').findIndex((cell) => cell.trim() === column);
  return rows.filter((row) => !row.includes('---')).map((row) => row.split('|')[place]?.trim() ?? '');
};

const csvOf = (card: Scorecard): Record<string, string>[] => {
  const [head = '', ...rows] = csvReport({ scorecard: card }).trim().split('\r\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, place) => [names[place], cell])));
};

const mixed = () =>
  scorecard([
    ...condition('whole', 8, known(0.004)),
    ...condition('partial', 7, known(0.001), unknown),
    ...condition('bounded', 8, known(0.001), atMost(0.002)),
    ...condition('unknown', 9, unknown),
  ]);

describe('costs that leave out calls', () => {
  it('are lower bounds, bounds or unknown in every report', async () => {
    const card = await mixed();
    const shown = ['$0.004', '≥$0.001', '$0.001–$0.003', '–'];
    expect(cellsOf(scorecardTable(card), 'cost a question').slice(0, 4)).toStrictEqual(shown);
    const markdown = markdownReport({ title: 'Costs', scorecard: card });
    expect(cellsOf(markdown, 'cost per question').slice(0, 4)).toStrictEqual([
      '$0.004 ($0.004 to $0.004)',
      ...shown.slice(1),
    ]);
    const html = htmlReport({ title: 'Costs', scorecard: card });
    for (const cost of shown) expect(html).toContain(`>${cost}<`);
  });

  it('are bounds in a CSV file, which then has no mean', async () => {
    expect(
      csvOf(await mixed()).map((row) =>
        [
          'cost',
          'cost_usd',
          'cost_usd_low',
          'cost_usd_high',
          'cost_source',
          'cost_usd_min',
          'cost_usd_max',
        ].map((name) => row[name]),
      ),
    ).toStrictEqual([
      ['$0.004', '0.004', '0.004', '0.004', 'reported', '', ''],
      ['≥$0.001', '', '', '', 'partial', '0.001', ''],
      ['$0.001–$0.003', '', '', '', 'partial', '0.001', '0.003'],
      ['–', '', '', '', 'unknown', '', ''],
    ]);
  });

  it('count unknown questions as free, so that the mean is a lower bound', async () => {
    const [paid, other] = [condition('a', 8, known(0.004)), condition('a', 8, unknown)];
    const { conditions } = await scorecard([...paid.slice(0, 5), ...other.slice(5)]);
    expect(
      cellsOf(scorecardTable(await scorecard([...paid.slice(0, 5), ...other.slice(5)])), 'cost a question'),
    ).toStrictEqual(['≥$0.002']);
    expect(conditions[0]?.knownCostShare).toBe(0.5);
  });

  it('have no ratio, or the bounds of one', async () => {
    const { comparisons } = await scorecard(
      [
        ...condition('whole', 8, known(0.004)),
        ...condition('partial', 7, known(0.001), unknown),
        ...condition('bounded', 8, known(0.001), atMost(0.002)),
        ...condition('twice', 8, known(0.008)),
        ...condition('free', 8, known(0)),
      ],
      { baseline: 'whole' },
    );
    expect(
      comparisons.map(({ second, costRatio, costRatioBounds }) => [second, costRatio, costRatioBounds]),
    ).toStrictEqual([
      ['partial', undefined, undefined],
      ['bounded', undefined, { low: expect.closeTo(0.25, 9), high: expect.closeTo(0.75, 9) }],
      ['twice', expect.closeTo(2, 9), undefined],
      ['free', 0, undefined],
    ]);
  });

  it('have no ratio if one question of many is not wholly known', async () => {
    const all = condition('a', 8, known(0.004));
    const { comparisons } = await scorecard([
      ...all,
      ...condition('b', 8, known(0.002)).slice(1),
      ...condition('b', 8, unknown).slice(0, 1),
    ]);
    expect(comparisons[0]?.costRatio).toBeUndefined();
  });

  it.each<readonly [front: string, trials: readonly Trial[]]>([
    ['cheap,dear', [...condition('cheap', 6, known(1)), ...condition('dear', 8, known(2))]],
    // A lower bound is compared with nothing.
    ['dear', [...condition('partial', 9, known(1), unknown), ...condition('dear', 8, known(2))]],
    ['dear', [...condition('unknown', 9, unknown), ...condition('dear', 8, known(2))]],
    // Bounds count as far as they decide.
    ['saving', [...condition('saving', 8, known(1), atMost(1)), ...condition('full', 8, known(2))]],
    ['saving', [...condition('full', 8, known(2)), ...condition('saving', 8, known(1), atMost(1))]],
    ['', [...condition('one', 8, known(1), atMost(1)), ...condition('other', 8, known(1.5))]],
    ['better', [...condition('one', 8, known(1), atMost(1)), ...condition('better', 9, known(1.5))]],
    ['one,better', [...condition('one', 8, known(1), atMost(1)), ...condition('better', 9, known(3))]],
  ])('are on the frontier as far as that is certain: %s', async (front, trials) => {
    expect((await scorecard(trials)).pareto.costAccuracy.join()).toBe(front);
  });

  it('are explained under the chart, only if there are some', async () => {
    const [whole, partly] = [await scorecard(condition('whole', 8, known(0.004))), await mixed()].map(
      (card) => htmlReport({ title: 'Costs', scorecard: card }),
    );
    expect(whole).not.toContain('leaves out calls: it is at least');
    expect(partly).toContain('leaves out calls: it is at least');
    expect(partly).toContain('2 →');
  });

  it('of an earlier release have no ratio and no place on the frontier either', async () => {
    const card = await scorecard([...condition('a', 8, known(1)), ...condition('b', 9, known(2), unknown)]);
    const earlier = {
      ...card,
      comparisons: card.comparisons.map((pair) => ({ ...pair, costRatio: 2 })),
      pareto: { ...card.pareto, costAccuracy: ['a', 'b'] },
    };
    expect(markdownReport({ title: 'Earlier', scorecard: earlier })).not.toContain('×2.00');
  });
});
