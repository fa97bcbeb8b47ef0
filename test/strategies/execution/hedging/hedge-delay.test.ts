import { describe, expect, it } from 'vitest';
import { hedgeDelay } from '../../../../src/strategies/execution/hedging/hedge-delay.ts';

describe('hedgeDelay', () => {
  it('is fixed where nothing is to be learned', () => {
    const delay = hedgeDelay({ hedgeDelayMs: 7 });
    expect(delay.msFor('a')).toBe(7);
    expect(delay.learn).toBeUndefined();
    expect(hedgeDelay({}).msFor('a')).toBe(1000);
  });

  it('is the fixed one until a model has been heard often enough, then its own percentile', () => {
    const { msFor, learn } = hedgeDelay({ hedgeDelayMs: 7, delay: { warmUpCalls: 100 } });
    for (let call = 1; call < 100; call += 1) learn?.('a', call, false);
    for (let call = 1; call < 100; call += 1) learn?.('a', 1, true);
    expect(msFor('a')).toBe(7);
    learn?.('a', 100, false);
    expect(Math.abs(msFor('a') - 95)).toBeLessThanOrEqual(3);
    expect(msFor('b')).toBe(7);
  });

  it('is a whole number of milliseconds, and never below `minMs`', () => {
    const { msFor, learn } = hedgeDelay({ delay: { warmUpCalls: 1, minMs: 25 } });
    learn?.('quick', 3, false);
    expect(msFor('quick')).toBe(25);
    learn?.('slow', 333.3, false);
    expect(Number.isInteger(msFor('slow'))).toBe(true);
  });
});
