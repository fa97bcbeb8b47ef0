import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenBucket } from '../../src/domain/token-bucket.ts';

describe('a token bucket', () => {
  it('lets nothing pass before a whole token is earned, and one after', () => {
    const bucket = tokenBucket({ capacity: 10, level: 0 });
    for (let call = 0; call < 3; call += 1) bucket.earn(0.25);
    expect(bucket.spend()).toBe(false);
    bucket.earn(0.25);
    expect(bucket.holdsOne()).toBe(true);
    expect([bucket.spend(), bucket.spend()]).toEqual([true, false]);
    expect(bucket.holdsOne()).toBe(false);
  });

  it('has earned a whole token after exactly twenty parts of a twentieth', () => {
    const bucket = tokenBucket({ capacity: 10, level: 0 });
    for (let call = 0; call < 20; call += 1) bucket.earn(1 - 95 / 100);
    expect(bucket.spend()).toBe(true);
  });

  it('saves up no more than its capacity', () => {
    const bucket = tokenBucket({ capacity: 2, level: 0 });
    for (let call = 0; call < 100; call += 1) bucket.earn(0.5);
    expect([bucket.spend(), bucket.spend(), bucket.spend()]).toEqual([true, true, false]);
  });

  it('lets no more pass in any row of calls than they earn and its capacity', () => {
    const calls = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 200 });
    const shares = fc.constantFrom(0, 0.01, 0.05, 0.3, 1);
    fc.assert(
      fc.property(calls, shares, fc.boolean(), (wanted, share, isFull) => {
        const bucket = tokenBucket({ capacity: 10, ...(!isFull && { level: 0 }) });
        const spent = wanted.map((hedges) => {
          bucket.earn(share);
          return Array.from({ length: hedges }, () => bucket.spend()).filter(Boolean).length;
        });
        for (let from = 0; from < spent.length; from += 1) {
          let sum = 0;
          for (let to = from; to < spent.length; to += 1) {
            sum += spent[to] ?? 0;
            expect(sum).toBeLessThanOrEqual(10 + (to - from + 1) * share + 1e-6);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('owes what is charged without a token, up to mostOwed', () => {
    const bucket = tokenBucket({ capacity: 2, level: 1, mostOwed: 3 });
    for (let call = 0; call < 10; call += 1) bucket.charge();
    expect([bucket.level(), bucket.spend()]).toEqual([-3, false]);
    bucket.earn(4);
    expect([bucket.spend(), bucket.spend()]).toEqual([true, false]);
  });

  it('restores a snapshot', () => {
    const bucket = tokenBucket({ capacity: 10, level: 1 });
    const restore = bucket.snapshot();
    expect([bucket.spend(), bucket.spend()]).toStrictEqual([true, false]);
    restore();
    expect([bucket.spend(), bucket.spend()]).toStrictEqual([true, false]);
  });
});
