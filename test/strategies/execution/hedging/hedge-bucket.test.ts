import { describe, expect, it } from 'vitest';
import { hedgeBucket } from '../../../../src/strategies/execution/hedging/hedge-bucket.ts';

describe('hedgeBucket', () => {
  it('lets nothing pass before a whole hedge is earned, and one after', () => {
    const bucket = hedgeBucket(0.25);
    for (let call = 0; call < 3; call += 1) bucket.earn();
    expect(bucket.spend()).toBe(false);
    bucket.earn();
    expect([bucket.spend(), bucket.spend()]).toEqual([true, false]);
  });

  it('saves up no more than its capacity', () => {
    const bucket = hedgeBucket(0.5, { capacity: 2 });
    for (let call = 0; call < 100; call += 1) bucket.earn();
    expect([bucket.spend(), bucket.spend(), bucket.spend()]).toEqual([true, true, false]);
  });
});
