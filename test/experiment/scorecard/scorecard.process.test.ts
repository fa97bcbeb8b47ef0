import { expect, it } from 'vitest';
import { type ScorecardOptions, scorecardFold } from '../../../src/experiment/scorecard/scorecard-fold.ts';
import { collectedHeap } from '../../metrics/collected-heap.ts';
import { trial } from './trial.ts';

it('a scorecard takes no more memory for more questions, where it is told the conditions', () => {
  const grownBy = (options: ScorecardOptions): number => {
    const fold = scorecardFold(options);
    let asked = 0;
    const addMany = (count: number): void => {
      for (const end = asked + count; asked < end; asked += 1) {
        fold.add(trial('a', `q${asked}`, '4'));
        fold.add(trial('b', `q${asked}`, asked % 3 === 0 ? '5' : '4'));
      }
    };
    addMany(5000);
    const before = collectedHeap();
    addMany(30_000);
    const grown = collectedHeap() - before;
    expect(fold.scorecard().comparisons[0]?.questions).toBe(35_000);
    return grown;
  };
  expect(grownBy({})).toBeGreaterThan(30_000 * 50);
  expect(grownBy({ conditions: ['a', 'b'] })).toBeLessThan(300_000);
});
