import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slidingWindow } from '../../src/time/sliding-window.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const counted = (windowMs: number, counts: 'atMost' | 'atLeast') => {
  let slices = 0;
  const window = slidingWindow({
    windowMs,
    counts,
    makeSlice: () => {
      slices += 1;
      return { count: 0 };
    },
  });
  return {
    add: (count: number) => {
      window.current().count += count;
    },
    total: () => window.total(({ count }) => count),
    kept: () => window.total(() => 1),
    made: () => slices,
  };
};

describe('a sliding window', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 100 });

  it.each([
    ['atMost', 900, 1000],
    ['atLeast', 1000, 1100],
  ] as const)(
    'that counts %s misses nothing of %d ms, and counts nothing older than %d ms',
    (counts, all, most) => {
      fc.assert(
        fc.property(gaps, (gapsMs) => {
          const window = counted(1000, counts);
          const added: number[] = [];
          let atMs = 0;
          const since = (ageMs: number) => added.filter((addedMs) => addedMs > atMs - ageMs).length;
          for (const gapMs of gapsMs) {
            vi.advanceTimersByTime(gapMs);
            atMs += gapMs;
            expect(window.total()).toBeGreaterThanOrEqual(since(all));
            expect(window.total()).toBeLessThanOrEqual(since(most));
            window.add(1);
            added.push(atMs);
          }
        }),
      );
    },
  );

  it.each([1000, Number.POSITIVE_INFINITY])(
    'of %d ms keeps at most eleven slices, however much is counted',
    (windowMs) => {
      const window = counted(windowMs, 'atLeast');
      for (let count = 0; count < 10_000; count += 1) {
        window.add(1);
        if (count % 10 === 0) vi.advanceTimersByTime(7);
        expect(window.kept()).toBeLessThanOrEqual(11);
      }
      if (windowMs === Number.POSITIVE_INFINITY) expect([window.total(), window.made()]).toEqual([10_000, 1]);
      else expect(window.made()).toBeLessThanOrEqual(71);
    },
  );

  it('sets no timer, and is empty at the beginning and after a pause', () => {
    const window = counted(1000, 'atLeast');
    expect(window.total()).toBe(0);
    window.add(3);
    vi.advanceTimersByTime(1100);
    expect([window.total(), window.kept(), vi.getTimerCount()]).toStrictEqual([0, 0, 0]);
  });
});
