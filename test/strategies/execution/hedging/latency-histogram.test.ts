import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyHistogram } from '../../../../src/strategies/execution/hedging/latency-histogram.ts';

interface Entry {
  readonly latencyMs: number;
  readonly wasGivenUp: boolean;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  latencyMs: fc.double({ min: 1, max: 1e6, noNaN: true }),
  wasGivenUp: fc.boolean(),
});
const entries = fc.array(entry, { minLength: 1, maxLength: 60 });
const percentiles = fc.double({ min: 1, max: 99.9, noNaN: true });

const histogramOf = (added: readonly Entry[], halfLife: number) => {
  const latencies = latencyHistogram(halfLife);
  for (const { latencyMs, wasGivenUp } of added) latencies.add(latencyMs, wasGivenUp);
  return latencies;
};

/** The share of calls that are out for longer than a time, by the definition, with weights, in the bins of 2 %. */
const survival = (added: readonly Entry[], halfLife: number, timeMs: number): number => {
  const binOf = (latencyMs: number) => Math.floor(Math.log(latencyMs) / Math.log(1.02));
  const weighed = added.map(({ latencyMs, wasGivenUp }, index) => ({
    bin: binOf(latencyMs),
    wasGivenUp,
    weight: 2 ** ((index + 1 - added.length) / halfLife),
  }));
  const weightOf = (some: typeof weighed) => some.reduce((sum, { weight }) => sum + weight, 0);
  const bins = new Set(weighed.map(({ bin }) => bin));
  return [...bins]
    .filter((bin) => bin <= binOf(timeMs))
    .reduce((share, at) => {
      const ending = weightOf(weighed.filter(({ bin, wasGivenUp }) => bin === at && !wasGivenUp));
      return share * (1 - ending / weightOf(weighed.filter(({ bin }) => bin >= at)));
    }, 1);
};

describe('latencyHistogram', () => {
  it('tells a percentile to within a bin', () => {
    const latencies = latencyHistogram(1e6);
    for (let index = 1; index <= 1000; index += 1) latencies.add(index);
    latencies.add(1, true);
    expect(latencies.completed()).toBe(1000);
    expect(Math.abs(latencies.percentileMs(95) / 950 - 1)).toBeLessThan(0.02);
  });

  it('knows nothing before the first call', () => {
    expect(latencyHistogram().percentileMs(95)).toBe(0);
  });

  it('lets a call count half after the half-life', () => {
    const latencies = latencyHistogram(10);
    for (let index = 0; index < 1000; index += 1) latencies.add(100);
    for (let index = 0; index < 10; index += 1) latencies.add(10_000);
    expect(latencies.percentileMs(48)).toBeLessThan(103);
    expect(latencies.percentileMs(52)).toBeGreaterThan(9700);
  });

  it('keeps its percentile through 400,000 calls, beyond which weights that only grow would overflow', () => {
    const latencies = latencyHistogram(300);
    for (let index = 0; index < 400_000; index += 1) latencies.add((index % 100) + 100);
    expect(Math.abs(latencies.percentileMs(50) / 150 - 1)).toBeLessThan(0.03);
  });

  it('is not misled by calls that were given up before they could end', () => {
    const latencies = latencyHistogram(1e6);
    // Every other call is given up at a time that has nothing to do with it.
    for (let index = 0; index < 20_000; index += 1) {
      const latencyMs = 1 + ((index * 7919) % 1000);
      const patienceMs = index % 2 === 0 ? Number.POSITIVE_INFINITY : 1 + ((index * 104_729) % 1000);
      latencies.add(Math.min(latencyMs, patienceMs), patienceMs < latencyMs);
    }
    expect(Math.abs(latencies.percentileMs(95) / 950 - 1)).toBeLessThan(0.02);
  });

  it('remembers what it knew through an outage in which 100,000 calls fail at once', () => {
    const latencies = latencyHistogram(300);
    for (let index = 0; index < 1000; index += 1) latencies.add(100 + (index % 100));
    for (let index = 0; index < 100_000; index += 1) latencies.add(2, true);
    expect(latencies.completed()).toBe(1000);
    expect(Math.abs(latencies.percentileMs(95) / 195 - 1)).toBeLessThan(0.02);
  });

  it('knows of calls that were all given up no more than how long they were waited for', () => {
    const latencies = latencyHistogram();
    for (let index = 0; index < 10; index += 1) latencies.add(1000, true);
    expect(latencies.percentileMs(50) / 1000).toBeCloseTo(1, 1);
  });

  it('takes latencies that timers cannot wait for, and ones below a millisecond', () => {
    const latencies = latencyHistogram();
    for (const latencyMs of [0, 0.2, 1e12, Number.POSITIVE_INFINITY]) latencies.add(latencyMs);
    expect(latencies.percentileMs(20)).toBeLessThan(1.02);
    expect(latencies.percentileMs(99)).toBeLessThan(2 ** 31 * 1.05);
  });

  it('is the weighted product-limit estimate: as many calls are out longer as the percentile says', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 50 }), percentiles, (added, halfLife, percentile) => {
        const foundMs = histogramOf(added, halfLife).percentileMs(percentile);
        const sought = 1 - percentile / 100;
        // A bin below it, more are out; a bin above it, no more, unless too many were given up to know.
        expect(survival(added, halfLife, foundMs / 1.0201)).toBeGreaterThan(sought - 1e-9);
        const longestMs = Math.max(...added.map(({ latencyMs }) => latencyMs));
        if (survival(added, halfLife, longestMs) <= sought) {
          expect(survival(added, halfLife, foundMs * 1.0201)).toBeLessThanOrEqual(sought + 1e-9);
        } else expect(foundMs).toBeGreaterThanOrEqual(longestMs / 1.0201);
      }),
      { numRuns: 500 },
    );
  });

  it('has percentiles in order, between the shortest and the longest, to within a bin', () => {
    fc.assert(
      fc.property(entries, percentiles, percentiles, (added, one, other) => {
        const latencies = histogramOf(added, 20);
        const [low = 0, high = 0] = [one, other].toSorted((a, b) => a - b).map(latencies.percentileMs);
        const all = added.map(({ latencyMs }) => latencyMs);
        expect(low).toBeLessThanOrEqual(high * (1 + 1e-9));
        expect(low).toBeGreaterThanOrEqual(Math.min(...all) / 1.0201);
        expect(high).toBeLessThanOrEqual(Math.max(...all) * 1.0201);
      }),
    );
  });

  it('never goes down when a call is given up, unlike when it ends there', () => {
    fc.assert(
      fc.property(entries, percentiles, fc.nat(), (added, percentile, at) => {
        const index = at % added.length;
        const ended = added.with(index, { ...(added[index] as Entry), wasGivenUp: false });
        const givenUp = added.with(index, { ...(added[index] as Entry), wasGivenUp: true });
        expect(histogramOf(givenUp, 20).percentileMs(percentile)).toBeGreaterThanOrEqual(
          histogramOf(ended, 20).percentileMs(percentile) / 1.0201,
        );
      }),
    );
  });
});
