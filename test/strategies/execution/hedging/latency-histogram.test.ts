import { describe, expect, it } from 'vitest';
import { latencyHistogram } from '../../../../src/strategies/execution/hedging/latency-histogram.ts';

describe('latencyHistogram', () => {
  it('tells a percentile to within a bin', () => {
    const latencies = latencyHistogram(1e6);
    for (let index = 1; index <= 1000; index += 1) latencies.add(index);
    expect(latencies.count()).toBe(1000);
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

  it('keeps its percentile through 200,000 calls, when its weights have been scaled down', () => {
    const latencies = latencyHistogram(300);
    for (let index = 0; index < 200_000; index += 1) latencies.add((index % 100) + 100);
    expect(Math.abs(latencies.percentileMs(50) / 150 - 1)).toBeLessThan(0.03);
  });
});
