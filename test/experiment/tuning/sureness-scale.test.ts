import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surenessScale } from '../../../src/experiment/tuning/sureness-scale.ts';

const shareFrom = (surenesses: readonly number[], acceptFrom: number): number =>
  surenesses.filter((sureness) => sureness >= 0 && sureness >= acceptFrom).length / surenesses.length;

describe('the scale of sureness', () => {
  it('has a threshold between two levels for each share of the ballots that can be accepted', () => {
    const surenesses = [0.9, 0.5, 0.9, 0.7, -1];
    const { shares, acceptFrom } = surenessScale(surenesses);
    expect(shares).toStrictEqual([0.4, 0.6, 0.8]);
    expect(shares.map(acceptFrom)).toStrictEqual([0.8, 0.6, 0]);
    for (const share of shares) expect(shareFrom(surenesses, acceptFrom(share))).toBeCloseTo(share, 12);
  });

  it('takes the nearest share, and of two as near the smaller one, but never none', () => {
    const { acceptFrom } = surenessScale([0.9, 0.9, 0.7, 0.5]);
    expect([0, 0.3, 0.62, 0.7, 0.9, 1].map(acceptFrom)).toStrictEqual([0.8, 0.8, 0.8, 0.6, 0, 0]);
    expect(surenessScale([-1, -1]).acceptFrom(0.5)).toBe(0);
  });

  it('accepts at least one of its own ballots that have an answer, also if levels differ by rounding only', () => {
    const sureness = fc.oneof(
      fc.constantFrom(-1, 0, 1, 0.9, 0.9 + 2e-16, 0.3),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(sureness, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, share) => {
          const accepted = shareFrom(all, surenessScale(all).acceptFrom(share));
          expect(accepted > 0).toBe(all.some((one) => one >= 0));
        },
      ),
    );
    expect(surenessScale([0.9, 0.9 + 2e-16]).shares).toStrictEqual([1]);
  });
});
