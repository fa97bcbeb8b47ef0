import { describe, expect, it } from 'vitest';
import { judge, median } from '../../bench/table/judge.ts';

describe('the judgement of a row', () => {
  it.for([
    ['less', [1, 2, 9], 'met'],
    ['less', [2, 3, 9], 'near'],
    ['less', [3, 3, 9], 'missed'],
    ['more', [9, 2, 1], 'met'],
    ['more', [2, 1, 1], 'near'],
    ['more', [1, 1, 0], 'missed'],
    ['less', [Number.NaN], 'missed'],
    ['more', [], 'missed'],
  ] as const)('%s is better, bar 2, rounds %j: %s', ([better, rounds, verdict]) => {
    expect(judge({ bar: 2, better }, rounds)).toBe(verdict);
  });

  it('has nothing to say without a bar', () => {
    expect(judge({ better: 'less' }, [1])).toBe('no bar');
  });

  it('takes the value in the middle, wherever it stands', () => {
    expect(median([10, 9, 1000])).toBe(10);
  });
});
