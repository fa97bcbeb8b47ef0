import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../../src/experiment/experiment.ts';
import { expectationOf } from '../../../src/experiment/tuning/expectation.ts';
import { type Course, emptyCourse } from '../../../src/experiment/tuning/play.ts';
import { varianceOf, varianceOfFits } from '../../../src/experiment/tuning/ratio.ts';

const ROWS = 100;
const folds = Array.from({ length: 5 }, (_, fold) => ({
  held: Array.from({ length: 20 }, (_, index) => 5 * index + fold),
}));

/** A course in which some rows are right, some are given, and each takes some calls. */
const course = (
  isPlayed: (row: number) => boolean,
  isRight: (row: number) => boolean,
  calls: (row: number) => number = () => 1,
  isGiven: (row: number) => boolean = () => true,
): Course => {
  const made = emptyCourse(ROWS);
  for (let row = 0; row < ROWS; row += 1) {
    if (!isPlayed(row)) continue;
    made.right[row] = isRight(row) && isGiven(row) ? 1 : 0;
    made.sureness[row] = isGiven(row) ? 1 : -1;
    made.calls[row] = calls(row);
  }
  return made;
};

const always = (): boolean => true;
const table = {
  models: [],
  rows: new Array(ROWS).fill(undefined),
  unit: 'calls',
  unknownCosts: [],
  meanCosts: [],
  hasConfidences: false,
} as const;
const candidate = { members: [0, 1, 2], execution: { schedule: 'sequential', stop: 'decided' } } as const;
const promisedAs = (isRight: (row: number) => boolean): Course[] =>
  folds.map(({ held }) => course((row) => !held.includes(row), isRight));

describe('the expectation of a panel', () => {
  it('is its cross-validation, less what choices promise beyond what they deliver', () => {
    const isRight = (row: number): boolean => row < 80;
    const same = { candidate, folds, chosen: course(always, isRight), promised: promisedAs(isRight) };
    const kept = expectationOf(table, { ...same, delivered: course(always, isRight) });
    expect(kept.accuracy.value).toBeCloseTo(0.8, 12);
    const broken = expectationOf(table, { ...same, delivered: course(always, (row) => row < 75) });
    expect(broken.accuracy.value).toBeCloseTo(0.75, 12);
    expect(broken.accuracy.high - broken.accuracy.low).toBeGreaterThan(
      kept.accuracy.high - kept.accuracy.low,
    );
  });

  it('has a wider interval than as many independent questions would have, and stays within 0..1', () => {
    const isRight = (row: number): boolean => row < 80;
    const { accuracy, coverage, precision } = expectationOf(table, {
      candidate,
      folds,
      chosen: course(always, isRight),
      promised: promisedAs(isRight),
      delivered: course(always, isRight),
    });
    const { low, high } = wilsonInterval(80, 100);
    expect(accuracy.low).toBeLessThan(low);
    expect(accuracy.high).toBeGreaterThan(high);
    expect(precision).toStrictEqual(accuracy);
    expect(coverage.value).toBe(1);
    expect(coverage.high).toBe(1);
    expect(coverage.low).toBeGreaterThan(0.95);
  });

  it('is about the answers that are given, and calls are those of the chosen panel alone', () => {
    const isGiven = (row: number): boolean => row % 2 === 0;
    const isRight = (row: number): boolean => row < 90;
    const calls = (row: number): number => 1 + (row % 3);
    const given = (isPlayed: (row: number) => boolean) => course(isPlayed, isRight, calls, isGiven);
    const {
      accuracy,
      coverage,
      precision,
      calls: expected,
    } = expectationOf(table, {
      candidate,
      folds,
      chosen: given(always),
      promised: folds.map(({ held }) => given((row) => !held.includes(row))),
      delivered: course(always, isRight, () => 9, isGiven),
    });
    expect(accuracy.value).toBeCloseTo(0.45, 12);
    expect(coverage.value).toBeCloseTo(0.5, 12);
    expect(precision.value).toBeCloseTo(0.9, 12);
    expect(expected.value).toBeCloseTo(1.99, 12);
  });

  it('of a panel that answers nothing may be anything', () => {
    const nothing = course(
      always,
      always,
      () => 1,
      () => false,
    );
    const { precision, coverage } = expectationOf(table, {
      candidate,
      folds,
      chosen: nothing,
      promised: folds.map(() => nothing),
      delivered: nothing,
    });
    expect(precision).toStrictEqual({ value: 0, low: 0, high: 1 });
    expect(coverage.value).toBe(0);
  });
});

describe('the variance of cross-validation', () => {
  it('is that of the rows, raised for the correlation of folds', () => {
    const alike = Float64Array.from({ length: ROWS }, (_, row) => (row % 2 === 0 ? 1 : -1));
    expect(varianceOf(alike, 5)).toBeCloseTo((1 / 99) * 2.25, 12);
    expect(varianceOfFits(alike, folds)).toBeCloseTo((1 / 99) * 2.25, 12);
  });

  it('is more if the folds differ by more than their rows', () => {
    const differing = Float64Array.from({ length: ROWS }, (_, row) => (row % 5 === 0 ? 1 : -0.25));
    expect(varianceOf(differing, 5)).toBeCloseTo((0.25 / 99) * 2.25, 12);
    expect(varianceOfFits(differing, folds)).toBeCloseTo(0.25 / 99 + 1.25 / 4 - (5 * 0.25) / 99, 12);
  });
});
