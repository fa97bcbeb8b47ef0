import { expect, it } from 'vitest';
import { type ScorecardOptions, scorecardFold } from '../../../src/experiment/scorecard/scorecard-fold.ts';
import { heapGrowths } from '../../metrics/collected-heap.ts';
import { trial } from './trial.ts';

it('a scorecard takes no more memory for more questions if the conditions are named', () => {
  const growthsOf = (options: ScorecardOptions): readonly number[] => {
    const fold = scorecardFold(options);
    let asked = 0;
    const addMany = (count: number): void => {
      for (const end = asked + count; asked < end; asked += 1) {
        fold.add(trial('a', `q${asked}`, '4'));
        fold.add(trial('b', `q${asked}`, asked % 3 === 0 ? '5' : '4'));
      }
    };
    addMany(5000);
    const growths = heapGrowths(3, () => addMany(10_000));
    expect(fold.scorecard().comparisons[0]?.questions).toBe(35_000);
    return growths;
  };
  const total = growthsOf({}).reduce((sum, growth) => sum + growth, 0);
  expect(total).toBeGreaterThan(30_000 * 50);
  // 50 bytes a question would be 500,000 bytes a round.
  expect(Math.min(...growthsOf({ conditions: ['a', 'b'] }))).toBeLessThan(100_000);
});
