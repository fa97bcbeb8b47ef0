import { afterEach, beforeEach, expect, test } from 'vitest';
import { needsReview } from '../../../src/deciders/deciders.ts';
import {
  type Graded,
  gradeAll,
  type JuryItem,
  type JuryOptions,
  jury,
  juryReport,
  juryTable,
} from '../../../src/experiment/experiment.ts';
import {
  answers,
  GRADERS,
  type GraderServer,
  graderOf,
  HARSHNESS,
  PAID_USD,
  pairs,
  pricing,
  qualityOf,
  startGraders,
} from './served-graders.ts';

let graders: GraderServer;

beforeEach(async () => {
  graders = await startGraders();
});

afterEach(() => graders.server.close());

const gradedBy = (items: readonly JuryItem[], options: Partial<JuryOptions>): Promise<Graded[]> => {
  const members = GRADERS.map((id) => graderOf(id, graders.server.baseURL));
  return Array.fromAsync(gradeAll(jury({ members, ...options }), items, { pricing }));
};

const gradeOf = ({ jurors }: Graded, name: string) => jurors.find(({ juror }) => juror === name)?.grade;

/** Compares the account with what the server has seen. */
const expectHonest = (verdicts: readonly Graded[]): void => {
  const outcomes = verdicts.flatMap((verdict) => verdict.outcomes);
  expect(outcomes).toHaveLength(graders.server.requests.length);
  const known = outcomes.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
  expect(known).toBeCloseTo(graders.billed() * PAID_USD, 6);
  const report = juryReport(verdicts);
  expect(report.costUsd).toBeCloseTo(graders.billed() * PAID_USD, 6);
  expect(report.costSource).toBe('partial');
};

const scale = { from: 1, to: 9, within: 1 } as const;

test('200 answers: the harsh grader is found, and a verdict is right or missing', async () => {
  const verdicts = await gradedBy(answers, { scale, review: needsReview() });
  expectHonest(verdicts);
  expect(graders.server.requests).toHaveLength(600);
  let broken = 0;
  for (const verdict of verdicts) {
    const quality = qualityOf(String(verdict.item.answer));
    const good = [gradeOf(verdict, 'biased'), gradeOf(verdict, 'flaky')];
    if (good[1] === undefined) {
      broken += 1;
      // Two jurors that are three grades apart: nothing that most stand behind.
      expect(verdict.grade).toBeUndefined();
      expect(verdict.fault).toMatch(/^no strict majority: 0 of 3 jurors stand behind one grade \(flaky: /);
      expect(verdict.review).toBe(verdict.fault);
    } else {
      expect(good).toEqual([quality, quality]);
      expect(verdict.grade).toBe(quality);
    }
  }
  expect(broken).toBeGreaterThan(40);
  const report = juryReport(verdicts);
  const [biased, harsh, flaky] = report.jurors;
  expect(harsh?.severity?.value).toBe(HARSHNESS);
  expect([biased?.severity?.value, flaky?.severity?.value]).toEqual([0, 0]);
  expect([biased?.missing, harsh?.missing, flaky?.missing]).toEqual([0, 0, broken]);
  expect(report.findings).toEqual([
    'harsh grades 3 lower than the median of all jurors (3 to 3)',
    expect.stringMatching(/^flaky has no readable grade for \d+ of 200 items/),
  ]);
  expect(report.consistency).toBeCloseTo(1, 6);
  expect(report.agreement).toBeLessThan(0.7);
  expect(report.reviews).toBe(broken);
  expect(juryTable(report)).toContain('- harsh grades 3 lower');
});

test('200 pairs: the place of an answer has no effect, and the biased grader is found', async () => {
  const verdicts = await gradedBy(pairs, { scale: 'pairwise' });
  expectHonest(verdicts);
  expect(graders.server.requests).toHaveLength(1200);
  let [decided, contradicted] = [0, 0];
  for (const verdict of verdicts) {
    const [first, second] = (verdict.item.answers ?? []).map(qualityOf) as [number, number];
    const right = first > second ? 'first' : 'second';
    const good = [gradeOf(verdict, 'harsh'), gradeOf(verdict, 'flaky')];
    if (good[0] === right && good[1] === right) expect(verdict.grade).toBe(right);
    // In all others, at least one of three is missing: a verdict needs both of the rest.
    expect([right, undefined]).toContain(verdict.grade);
    if (gradeOf(verdict, 'biased') === undefined) contradicted += 1;
    if (gradeOf(verdict, 'biased') === undefined && good[1] === undefined)
      expect(verdict.grade).toBeUndefined();
    if (verdict.grade !== undefined) decided += 1;
  }
  expect(contradicted).toBeGreaterThan(140);
  expect(decided).toBeGreaterThan(80);
  const report = juryReport(verdicts);
  const [biased, harsh, flaky] = report.jurors;
  expect(biased?.positionBias?.low).toBeGreaterThan(0.7);
  expect(biased?.positionPValue).toBeLessThan(1e-6);
  expect([harsh?.positionBias?.value, flaky?.positionBias?.value]).toEqual([0, 0]);
  expect(report.findings).toEqual([
    expect.stringMatching(
      /^biased prefers the answer that stands first: it contradicted itself on \d+ of 200/,
    ),
    expect.stringMatching(/^flaky has no readable grade for \d+ of 200 items/),
  ]);
  expect(juryTable(report)).toContain('- biased prefers the answer that stands first');

  // The same pairs the other way round have the opposite verdicts: their order has no effect.
  const turned = await gradedBy(
    pairs.map((pair) => ({ ...pair, answers: (pair.answers ?? []).toReversed() as [string, string] })),
    { scale: 'pairwise' },
  );
  const opposite = { first: 'second', second: 'first' } as Record<string, string>;
  expect(turned.map(({ grade }) => grade)).toEqual(verdicts.map(({ grade }) => opposite[grade as string]));
});
