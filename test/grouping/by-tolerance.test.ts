import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { byTolerance } from '../../src/grouping/by-tolerance.ts';
import { grouped } from './grouped.ts';

describe('byTolerance', () => {
  it.each([
    ['numbers', 1, [10, 11, 13], [[10, 11], [13]]],
    ['texts with a number', 2, ['about 10 km', '11 km', '20'], [['about 10 km', '11 km'], ['20']]],
    ['equal numbers only, if it is 0', 0, [1, 1, 1.1], [[1, 1], [1.1]]],
    ['decimals that differ by exactly the tolerance', 0.1, [0.7, 0.8], [[0.7, 0.8]]],
    ['negative numbers', 1, [-1, -2, 2], [[-1, -2], [2]]],
  ] as const)('groups %s', (_kind, tolerance, answers, groups) => {
    expect(grouped(byTolerance(tolerance), '', answers)).toEqual(groups);
  });

  it('makes the range with the most votes a group', () => {
    expect(grouped(byTolerance(1), '', [1, 2, 2.5, 2.6, 3.4])).toEqual([[1], [2, 2.5, 2.6], [3.4]]);
  });

  it('makes no long group of small steps', () => {
    expect(grouped(byTolerance(1), '', [1, 2, 3, 4])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('keeps answers without a number apart', () => {
    expect(grouped(byTolerance(5), '', ['many', '3', 'few', 'many', '4'])).toEqual([
      ['many', 'many'],
      ['3', '4'],
      ['few'],
    ]);
  });

  it('never joins numbers that differ by more than the tolerance', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 })), fc.nat({ max: 10 }), (answers, tolerance) => {
        for (const group of grouped(byTolerance(tolerance), '', answers) as number[][]) {
          expect(Math.max(...group) - Math.min(...group)).toBeLessThanOrEqual(tolerance);
        }
      }),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '2'])('refuses %s', (tolerance) => {
    expect(() => byTolerance(tolerance as number)).toThrow(ConfigError);
  });
});
