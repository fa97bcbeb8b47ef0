import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfidencePair } from '../../../src/experiment/statistics/confidence-group.ts';
import { regularizedBeta } from '../../../src/experiment/statistics/regularized-beta.ts';
import { riskCoverage } from '../../../src/experiment/statistics/risk-coverage.ts';
import { drawsFor } from '../../../src/models/random.ts';

const pairs = (confidence: number, right: number, count: number): ConfidencePair[] =>
  Array.from({ length: count }, (_, index) => ({ confidence, isRight: index < right }));

const somePairs = fc.array(
  fc.record({ confidence: fc.constantFrom(0, 0.2, 0.5, 0.51, 0.9, 1), isRight: fc.boolean() }),
  { maxLength: 40 },
);

describe('riskCoverage', () => {
  it('is what its definition gives by hand', () => {
    // By confidence: right, right, wrong, right, wrong; risks after each: 0, 0, 1/3, 1/4, 2/5.
    const { points, aurc, count } = riskCoverage([
      ...pairs(0.6, 0, 1),
      ...pairs(0.9, 1, 1),
      ...pairs(0.7, 1, 1),
      ...pairs(0.8, 0, 1),
      ...pairs(0.95, 1, 1),
    ]);
    expect(count).toBe(5);
    expect(points.map(({ threshold, coverage }) => [threshold, coverage])).toStrictEqual([
      [0.95, 0.2],
      [0.9, 0.4],
      [0.8, 0.6],
      [0.7, 0.8],
      [0.6, 1],
    ]);
    [0, 0, 1 / 3, 1 / 4, 2 / 5].forEach((risk, index) => {
      expect(points[index]?.risk).toBeCloseTo(risk, 12);
    });
    expect(aurc).toBeCloseTo((1 / 3 + 1 / 4 + 2 / 5) / 5, 12);
  });

  it('has the mean area over every order of the answers of one confidence', () => {
    // One right and one wrong, in two orders: (0 + 1/2) / 2 and (1 + 1/2) / 2.
    expect(riskCoverage(pairs(0.5, 1, 2)).aurc).toBeCloseTo(0.5, 12);
  });

  it('counts the questions without an answer as not covered', () => {
    const { points, coverageAt } = riskCoverage(pairs(0.9, 10, 10), { questions: 40, precisions: [0.9] });
    expect(points.map(({ coverage }) => coverage)).toStrictEqual([0.25]);
    expect(coverageAt[0]?.observed).toStrictEqual({ coverage: 0.25, threshold: 0.9 });
  });

  it('proves a precision with as few answers as the exact test needs', () => {
    // 0.95^59 = 0.0485 and 0.95^58 = 0.0510: all of 59 must be right.
    const proven = (right: number, count: number) =>
      riskCoverage(pairs(1, right, count), { precisions: [0.95] }).coverageAt[0]?.proven.coverage;
    expect([proven(58, 58), proven(59, 59), proven(59, 60)]).toStrictEqual([0, 1, 0]);
  });

  it('does not stumble over thresholds that too few answers reach to prove anything', () => {
    const given = [...pairs(1, 2, 2), ...pairs(0.9, 200, 200)];
    expect(riskCoverage(given, { precisions: [0.95] }).coverageAt[0]?.proven.coverage).toBe(1);
  });

  it('proves no threshold after the first that failed', () => {
    const given = [...pairs(1, 100, 100), ...pairs(0.9, 70, 100), ...pairs(0.8, 5000, 5000)];
    const { observed, proven } = riskCoverage(given, { precisions: [0.95] }).coverageAt[0] ?? {};
    expect(observed?.coverage).toBe(1);
    expect(proven?.threshold).toBe(1);
  });

  it('gives a threshold that does not hold in at most one of twenty samples', () => {
    const draw = drawsFor('thresholds');
    const repetitions = 2000;
    let [broken, observedBroken] = [0, 0];
    // The truth: an answer of confidence c is right in c of all cases, so above t in (1 + t) / 2.
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const sampled = Array.from({ length: 300 }, () => {
        const confidence = 0.5 + Math.floor(draw() * 10) / 20;
        return { confidence, isRight: draw() < confidence + 0.025 };
      });
      const { observed, proven } = riskCoverage(sampled, { precisions: [0.9] }).coverageAt[0] ?? {};
      const holds = (threshold = 1) => (threshold + 0.95) / 2 + 0.025 >= 0.9 - 1e-9;
      if (!holds(proven?.threshold)) broken += 1;
      if (!holds(observed?.threshold)) observedBroken += 1;
    }
    expect(broken / repetitions).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / repetitions));
    expect(observedBroken / repetitions).toBeGreaterThan(0.1);
  });

  it('covers ever more, is within 0..1, proves no more than it observes, and forgets the order', () => {
    fc.assert(
      fc.property(somePairs, (given) => {
        const curve = riskCoverage(given);
        expect(riskCoverage(given.toReversed())).toStrictEqual(curve);
        let before = 0;
        for (const { coverage, risk } of curve.points) {
          expect(coverage).toBeGreaterThan(before);
          expect(risk).toBeGreaterThanOrEqual(0);
          expect(risk).toBeLessThanOrEqual(1);
          before = coverage;
        }
        if (given.length > 0) expect(before).toBe(1);
        expect(curve.aurc ?? 0).toBeGreaterThanOrEqual(0);
        expect(curve.aurc ?? 0).toBeLessThanOrEqual(1);
        for (const { observed, proven } of curve.coverageAt) {
          expect(proven.coverage).toBeLessThanOrEqual(observed.coverage);
        }
      }),
    );
  });

  it('is nothing without answers', () => {
    expect(riskCoverage([], { precisions: [0.9] })).toStrictEqual({
      count: 0,
      points: [],
      aurc: undefined,
      coverageAt: [
        {
          precision: 0.9,
          observed: { coverage: 0, threshold: undefined },
          proven: { coverage: 0, threshold: undefined },
        },
      ],
    });
  });

  it('refuses what cannot be', () => {
    expect(() => riskCoverage(pairs(1, 2, 2), { questions: 1, precisions: [95] })).toThrow('2 faults');
    expect(() => riskCoverage([{ confidence: NaN, isRight: true }])).toThrow('riskCoverage: a confidence');
  });
});

describe('regularizedBeta', () => {
  // scipy.special.betainc (SciPy 1.17.1).
  it.each([
    [0.5, 3, 8, 0.9453125],
    [0.95, 59, 1, 0.04849452524942311],
    [0.1, 0.5, 0.5, 0.20483276469913345],
    [0.999, 500, 2, 0.9095684172917773],
    [0.5, 501000, 499001, 0.0228041499326948],
    [0.5, 10000, 9001, 2.0970185720702855e-13],
    [0.3, 2, 40, 0.9999917231525108],
    [0.00002, 0.5, 50000, 0.8427018307361871],
  ])('of %d, %d and %d is the one of SciPy', (x, a, b, value) => {
    expect(Math.abs(regularizedBeta(x, a, b) / value - 1)).toBeLessThan(1e-8);
  });

  it('is the tail of the binomial distribution', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.nat(29),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (n, part, p) => {
          const k = 1 + (part % n);
          let tail = 0;
          let term = (1 - p) ** n;
          for (let successes = 0; successes <= n; successes += 1) {
            if (successes >= k) tail += term;
            term *= ((n - successes) / (successes + 1)) * (p / (1 - p));
          }
          expect(regularizedBeta(p, k, n - k + 1)).toBeCloseTo(tail, 9);
        },
      ),
    );
  });
});
