import { describe, expect, it } from 'vitest';
import type { Recording } from '../../bench/recorded-answers/evaluate.ts';
import { resultOf, type Study, studyOf, violationsOf } from '../../bench/recorded-answers/study.ts';
import { boolean } from '../../src/index.ts';
import { drawsFor } from '../../src/models/random.ts';

/** A hundred questions to be answered by yes or no: one model that is mostly right, and two that mostly say no. */
const recording = (): Recording => {
  const draw = drawsFor('study');
  return {
    name: 'made up',
    normalization: boolean,
    reference: { n: 100, single: {}, plurality: 0 },
    questions: Array.from({ length: 100 }, (_, index) => {
      const right = index % 2 === 0;
      const says = (yes: boolean): string => (yes ? '[Yes]' : '[No]');
      return {
        id: `${index}`,
        question: `${index}?`,
        expected: right ? 'yes' : 'no',
        responses: [
          { model: 'sound', text: says(draw() < 0.85 ? right : !right), costUsd: 0.01 },
          { model: 'naysayer', text: says(draw() < 0.1), costUsd: 0.001 },
          { model: 'denier', text: says(draw() < 0.1), costUsd: 0.001 },
        ],
      };
    }),
  };
};

const withRight = (study: Study, condition: string, right: number): Study => ({
  ...study,
  conditions: study.conditions.map((one) => (one.name === condition ? { ...one, right } : one)),
});

describe('the study of recorded answers', async () => {
  const study = await studyOf(recording());

  it('has each condition once, on all questions, and finds nothing amiss', () => {
    expect(violationsOf(study)).toStrictEqual([]);
    const names = study.conditions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(resultOf(study, 'best single').callsPerQuestion).toBe(1);
    expect(resultOf(study, 'best single').costUsdPerQuestion).toBeCloseTo(0.01, 9);
    expect(resultOf(study, 'plurality').callsPerQuestion).toBe(3);
    expect(resultOf(study, 'plurality').right).toBeLessThan(resultOf(study, 'best single').right);
    expect(resultOf(study, 'two small agree, else strong').costUsdPerQuestion).toBeLessThan(0.01);
  });

  it('says where a tuned panel does worse than the best single model, or not as expected', () => {
    const single = resultOf(study, 'best single').right;
    const violations = violationsOf(withRight(study, 'tuned', single - 25));
    expect(violations).toHaveLength(2);
    expect(violations.join()).toMatch(/below \d+ of the best single model.*run as ensembles/s);
  });

  it('says where a tuned panel loses as plurality does', () => {
    const { right } = resultOf(study, 'plurality');
    expect(violationsOf(withRight(study, 'tuned', right)).join()).toContain('and so does the tuned panel');
  });

  it('says where a confidence that has to be right is not, or is not known', () => {
    const named = { ...study, name: 'prime-llmdrift-4models' };
    for (const after of [0.031, Number.NaN]) {
      const violations = violationsOf({ ...named, calibration: { ...study.calibration, after } });
      expect(violations.join()).toContain('the calibrated confidence is off');
    }
  });
});
