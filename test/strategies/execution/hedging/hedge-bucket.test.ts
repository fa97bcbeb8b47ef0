import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hedgeBucket } from '../../../../src/strategies/execution/hedging/hedge-bucket.ts';

describe('hedgeBucket', () => {
  it('lets nothing pass before a whole hedge is earned, and one after', () => {
    const bucket = hedgeBucket(0.25);
    for (let call = 0; call < 3; call += 1) bucket.earn();
    expect(bucket.spend()).toBe(false);
    bucket.earn();
    expect(bucket.holdsOne()).toBe(true);
    expect([bucket.spend(), bucket.spend()]).toEqual([true, false]);
    expect(bucket.holdsOne()).toBe(false);
  });

  it('has earned a whole hedge after exactly twenty shares of a twentieth', () => {
    const bucket = hedgeBucket(1 - 95 / 100);
    for (let call = 0; call < 20; call += 1) bucket.earn();
    expect(bucket.spend()).toBe(true);
  });

  it('saves up no more than its capacity', () => {
    const bucket = hedgeBucket(0.5, { capacity: 2 });
    for (let call = 0; call < 100; call += 1) bucket.earn();
    expect([bucket.spend(), bucket.spend(), bucket.spend()]).toEqual([true, true, false]);
  });

  it('lets no more pass in any row of calls than they earn and its capacity', () => {
    const calls = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 200 });
    const shares = fc.constantFrom(0, 0.01, 0.05, 0.3, 1);
    fc.assert(
      fc.property(calls, shares, fc.boolean(), (wanted, share, isFull) => {
        const bucket = hedgeBucket(share, { isFull });
        const spent = wanted.map((hedges) => {
          bucket.earn();
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
});
