import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cost, sumOf } from '../../src/domain/cost.ts';
import { formatCost, plainCosts, plainUsd } from '../../src/rendering/amounts.ts';

describe('a cost', () => {
  it.each<readonly [shown: string, cost: Cost]>([
    ['$0.02', { costUsd: 0.02, costSource: 'reported' }],
    ['$0.00', { costUsd: 0, costSource: 'reported' }],
    ['≈$0.02', { costUsd: 0.02, costSource: 'estimated' }],
    ['≈$0.02', { costUsd: 0.02, costSource: 'reported', isPriceApproximate: true }],
    ['≥$0.02', { costUsd: 0.02, costSource: 'partial' }],
    ['≥$0.02', { costUsd: 0.02, costSource: 'partial', isPriceApproximate: true }],
    ['–', { costUsd: 0, costSource: 'partial' }],
    ['$0.02–$0.05', { costUsd: 0.02, costSource: 'partial', maxCostUsd: 0.05 }],
    ['$0.00–$0.05', { costUsd: undefined, costSource: 'unknown', maxCostUsd: 0.05 }],
    ['$0.02', { costUsd: 0.02, costSource: 'partial', maxCostUsd: 0.02 }],
    ['–', { costUsd: undefined, costSource: 'unknown' }],
    ['$0.30', sumOf([0.1, 0.2].map((costUsd) => ({ costUsd, costSource: 'reported' })))],
  ])('is written as %s', (shown, cost) => {
    expect(formatCost(cost)).toBe(shown);
  });

  it('is never written without a mark if something is left out of a sum', () => {
    const part = fc.oneof(
      fc
        .double({ min: 1e-6, max: 100, noNaN: true })
        .map((costUsd) => ({ costUsd, costSource: 'reported' as const })),
      fc.constant({ costUsd: undefined, costSource: 'unknown' as const }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1 }), (costs) => {
        const isWhole = costs.every(({ costUsd }) => costUsd !== undefined);
        expect(/^\$[\d.,]+$/.test(formatCost(sumOf(costs)))).toBe(isWhole);
      }),
      { seed: 13 },
    );
  });
});

describe('an amount for a file', () => {
  it('has no rounding noise', () => {
    expect([0.1 + 0.2, 3 * 0.1, 0.7 + 0.1, 1.1 * 3].map((usd) => String(plainUsd(usd)))).toStrictEqual([
      '0.3',
      '0.3',
      '0.8',
      '3.3',
    ]);
    expect([plainUsd(undefined), plainUsd(0), plainUsd(1e-9)]).toStrictEqual([undefined, 0, 1e-9]);
  });

  it('is that number, to twelve digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (usd) => {
        expect(Math.abs(plainUsd(usd) - usd)).toBeLessThanOrEqual(1e-11 * usd);
      }),
      { seed: 13 },
    );
  });

  it('is written so wherever a result has a cost, and only there', () => {
    const noise = 0.1 + 0.2;
    const prediction = {
      answer: { price: noise, costBreakdown: null },
      metadata: { costUsd: noise, maxCostUsd: noise, costBreakdown: { a: noise, b: undefined } },
      outcomes: [{ costUsd: noise, confidence: noise }],
    };
    expect(JSON.stringify(prediction, plainCosts)).toBe(
      '{"answer":{"price":0.30000000000000004,"costBreakdown":null},' +
        '"metadata":{"costUsd":0.3,"maxCostUsd":0.3,"costBreakdown":{"a":0.3}},' +
        '"outcomes":[{"costUsd":0.3,"confidence":0.30000000000000004}]}',
    );
  });
});
