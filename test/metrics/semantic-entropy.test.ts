import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, fitCalibration } from '../../src/experiment/experiment.ts';
import type { Outcome } from '../../src/index.ts';
import { semanticEntropy } from '../../src/metrics/semantic-entropy.ts';
import { banana, groupedPrediction, saying } from '../grouped.ts';

const vote = (key: string, index: number, group?: string): Outcome => ({
  status: 'answered',
  model: `m${index}`,
  index,
  latencyMs: 1,
  costUsd: 0,
  costSource: 'reported',
  response: { text: key },
  answer: key,
  key,
  confidence: undefined,
  ...(group !== undefined && { group }),
});

describe('semanticEntropy', () => {
  it('is that of the shares of the groups, in nats, without the calls of a judge', async () => {
    const expected = -(2 / 3) * Math.log(2 / 3) - (1 / 3) * Math.log(1 / 3);
    expect(semanticEntropy(await groupedPrediction())).toBeCloseTo(expected, 12);
    expect(semanticEntropy(await groupedPrediction({ decide: banana() }))).toBeCloseTo(expected, 12);
    expect(semanticEntropy({ outcomes: [] })).toBeUndefined();
  });

  it('is 0 if all say the same, ln n if no two do, and does not depend on order or names', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(keys, (said) => {
        const entropy =
          semanticEntropy({ outcomes: said.map((key, index) => vote(key, index)) }) ?? Number.NaN;
        const reversed = semanticEntropy({
          outcomes: said.toReversed().map((key, index) => vote(key, index)),
        });
        expect(entropy).toBeCloseTo(reversed ?? Number.NaN, 12);
        expect(entropy).toBeGreaterThanOrEqual(0);
        expect(entropy).toBeLessThanOrEqual(Math.log(new Set(said).size) + 1e-12);
        expect(entropy === 0).toBe(new Set(said).size === 1);
      }),
    );
    const distinct = ['a', 'b', 'c'].map((key, index) => vote(key, index));
    expect(semanticEntropy({ outcomes: distinct })).toBeCloseTo(Math.log(3), 12);
    const joined = ['a', 'b', 'c'].map((key, index) => vote(key, index, 'a'));
    expect(semanticEntropy({ outcomes: joined })).toBe(0);
  });
});

describe('a consensus of groups', () => {
  it('can be calibrated like one of equal answers', async () => {
    const agreeing = await groupedPrediction({ models: [saying('a', 'avocado'), saying('b', 'an apple')] });
    const split = await groupedPrediction();
    // All say the same in right answers only; if one differs, half of the answers are right.
    const pairs = Array.from({ length: 400 }, (_, index) => {
      const { consensus: confidence } = (index % 2 === 0 ? agreeing : split).metadata;
      return { confidence, isRight: index % 2 === 0 || index % 4 === 1 };
    });
    const map = fitCalibration(pairs);
    expect(calibrate(map, agreeing.metadata.consensus)).toBeGreaterThan(0.95);
    expect(calibrate(map, split.metadata.consensus)).toBeCloseTo(0.5, 1);
  });
});
