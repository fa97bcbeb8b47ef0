import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subsets } from '../../../src/experiment/tuning/subsets.ts';
import { drawsFor } from '../../../src/models/random.ts';

describe('subsets', () => {
  it('are all there are, where these are few enough', () => {
    for (let size = 1; size <= 8; size += 1) {
      const all = subsets(size, 255, drawsFor('all'));
      expect(new Set(all.map((members) => members.join())).size).toBe(2 ** size - 1);
    }
  });

  it('are else the single ones, the whole, small ones first, and no more than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 30 }), fc.integer({ min: 40, max: 400 }), (size, most) => {
        const some = subsets(size, most, drawsFor('some'));
        const names = some.map((members) => members.join());
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(Math.max(most, 2 ** size - 1));
        expect(names.length).toBe(Math.min(most, 2 ** size - 1));
        const everybody = Array.from({ length: size }, (_, index) => index);
        expect(names).toEqual(expect.arrayContaining([...everybody.map(String), everybody.join()]));
        for (const members of some) expect(members).toStrictEqual(members.toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('are the same for the same draws', () => {
    expect(subsets(20, 300, drawsFor('x'))).toStrictEqual(subsets(20, 300, drawsFor('x')));
  });
});
