import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type IndependentMember,
  independentReliability,
} from '../../../src/experiment/statistics/independent-reliability.ts';
import { panelsOf } from '../../../src/experiment/statistics/panels-of.ts';
import { reliabilityCurve } from '../../../src/experiment/statistics/reliability-curve.ts';
import type { LabelledBallot } from '../../../src/experiment/tuning/labelled-ballot.ts';
import { drawsFor } from '../../../src/models/random.ts';

const equal = (size: number, accuracy: number): IndependentMember[] =>
  Array.from({ length: size }, () => ({ accuracy }));

/** The part of answer 0 in the victory of these votes; -1 is none. */
const victory = (votes: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const vote of votes) if (vote >= 0) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const leaders = [...counts].filter(([, count]) => count === most).map(([answer]) => answer);
  return leaders.includes(0) ? 1 / leaders.length : 0;
};

/** Goes through everything that the members can say. */
const byEnumeration = (
  members: readonly IndependentMember[],
  choices: number,
  votes: readonly number[] = [],
): number => {
  const member = members[votes.length];
  if (member === undefined) return victory(votes);
  const { accuracy, abstention = 0 } = member;
  const wrong = (1 - accuracy - abstention) / (choices - 1);
  let sum = abstention * byEnumeration(members, choices, [...votes, -1]);
  for (let answer = 0; answer < choices; answer += 1) {
    sum += (answer === 0 ? accuracy : wrong) * byEnumeration(members, choices, [...votes, answer]);
  }
  return sum;
};

const someMember = fc
  .record({
    accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
    silent: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ accuracy, silent }) => ({ accuracy, abstention: (1 - accuracy) * silent }));

describe('independentReliability', () => {
  // Condorcet's theorem for majorities of an odd number: Σ C(n, k) p^k (1 - p)^(n - k) for k > n / 2.
  it.each([
    [3, 0.9, 0.972],
    [5, 0.6, 0.68256],
    [7, 0.7, 0.873964],
    [3, 0.4, 0.352],
  ])('is the one of the jury theorem for %i members that are right in %d', (size, accuracy, reliability) => {
    expect(independentReliability(equal(size, accuracy))).toBeCloseTo(reliability, 9);
  });

  it('is the sum over everything that unequal members can say', () => {
    fc.assert(
      fc.property(
        fc.array(someMember, { maxLength: 5 }),
        fc.integer({ min: 2, max: 4 }),
        (members, choices) => {
          expect(independentReliability(members, { choices })).toBeCloseTo(
            byEnumeration(members, choices),
            9,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('approaches the limit without equal errors as choices grow', () => {
    const members = [{ accuracy: 0.6 }, { accuracy: 0.5 }, { accuracy: 0.4, abstention: 0.3 }];
    // Wrong answers of their own: as with so many choices that none is ever picked twice.
    expect(independentReliability(members, { choices: Number.POSITIVE_INFINITY })).toBeCloseTo(
      independentReliability(members, { choices: 1e9 }),
      6,
    );
  });

  it('grows with the number of choices, and stays within 0..1 for a hundred members', () => {
    const members = equal(101, 0.3);
    const [two, ten, many] = [2, 10, Number.POSITIVE_INFINITY].map((choices) =>
      independentReliability(members, { choices }),
    );
    expect(two).toBeLessThan(0.001);
    expect(ten).toBeGreaterThan(0.99);
    expect(many).toBeGreaterThanOrEqual(ten ?? 1);
    expect(many).toBeLessThanOrEqual(1);
  });

  it('is 0 for an empty panel, and refuses invalid probabilities', () => {
    expect(independentReliability([])).toBe(0);
    expect(() => independentReliability([{ accuracy: 0.9, abstention: 0.2 }, { accuracy: 90 }])).toThrow(
      '2 faults',
    );
    expect(() => independentReliability([], { choices: 1 })).toThrow('choices');
  });
});

const ballot = (id: string, keys: Readonly<Record<string, string | undefined>>): LabelledBallot => ({
  id,
  rightKeys: new Set(['right']),
  votes: new Map(Object.entries(keys).map(([model, key]) => [model, { key }])),
});

/** Models that are right independently of one another, and wrong in one of four ways. */
const independent = (accuracies: readonly number[], questions: number, seed: string): LabelledBallot[] => {
  const draw = drawsFor(seed);
  return Array.from({ length: questions }, (_, question) =>
    ballot(
      `${question}`,
      Object.fromEntries(
        accuracies.map((accuracy, model) => [
          `m${model}`,
          draw() < accuracy ? 'right' : `wrong-${Math.floor(draw() * 4)}`,
        ]),
      ),
    ),
  );
};

describe('reliabilityCurve', () => {
  it('looks at every panel of every size', () => {
    const { points, models, questions } = reliabilityCurve([
      ballot('1', { a: 'right', b: 'wrong', c: 'right' }),
      ballot('2', { a: 'wrong', b: 'wrong', c: 'right' }),
    ]);
    expect(models).toStrictEqual(['a', 'b', 'c']);
    expect(questions).toBe(2);
    expect(points.map(({ size, panels, isExhaustive }) => [size, panels, isExhaustive])).toStrictEqual([
      [1, 3, true],
      [2, 3, true],
      [3, 1, true],
    ]);
    // One: 1/2, 0, 1. Two: ab (1/2 + 0)/2, ac (1 + 1/2)/2, bc (1/2 + 1/2)/2. All: (1 + 0)/2.
    expect(points.map(({ accuracy }) => accuracy?.value)).toStrictEqual([
      expect.closeTo(1 / 2, 12),
      expect.closeTo((0.25 + 0.75 + 0.5) / 3, 12),
      expect.closeTo(1 / 2, 12),
    ]);
    expect(points[1]?.best).toStrictEqual({ models: ['a', 'c'], accuracy: 0.75 });
    expect(points[1]?.worst).toStrictEqual({ models: ['a', 'b'], accuracy: 0.25 });
  });

  it('counts several leading answers in equal parts, silence as none, and several keys as right', () => {
    const { points } = reliabilityCurve([
      {
        ...ballot('1', { a: 'right', b: 'also right', c: 'wrong' }),
        rightKeys: new Set(['right', 'also right']),
      },
      ballot('2', { a: undefined, b: 'right', c: undefined }),
      ballot('3', { a: undefined, b: undefined, c: undefined }),
    ]);
    expect(points[2]?.best.accuracy).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
  });

  it('equals ifIndependent if models are independent', () => {
    const ballots = independent([0.6, 0.7, 0.5, 0.65, 0.55], 20_000, 'independent');
    for (const { accuracy, ifIndependent } of reliabilityCurve(ballots, { choices: 5 }).points) {
      expect(Math.abs((accuracy?.value ?? 0) - ifIndependent)).toBeLessThan(0.01);
    }
  });

  it('shows what errors in common cost', () => {
    // Three copies of one model.
    const ballots = independent([0.7], 1000, 'copies').map(({ id, votes }) => {
      const key = votes.get('m0')?.key;
      return ballot(id, { a: key, b: key, c: key });
    });
    const [one, , three] = reliabilityCurve(ballots).points;
    expect(three?.accuracy?.value).toBe(one?.accuracy?.value);
    expect(three?.ifIndependent).toBeGreaterThan((one?.ifIndependent ?? 1) + 0.05);
  });

  it('draws different panels if there are too many, the same ones for the same seed', () => {
    const ballots = independent(Array(12).fill(0.7), 50, 'many');
    const { points } = reliabilityCurve(ballots, { maxPanels: 100, seed: 'x' });
    expect(points.map(({ panels, isExhaustive }) => [panels, isExhaustive])).toStrictEqual(
      [12, 66, 100, 100, 100, 100, 100, 100, 100, 66, 12, 1].map((panels) => [panels, panels < 100]),
    );
    expect(reliabilityCurve(ballots, { maxPanels: 100, seed: 'x' }).points).toStrictEqual(points);
    expect(reliabilityCurve(ballots, { maxPanels: 100, seed: 'y' }).points).not.toStrictEqual(points);
    const exact = reliabilityCurve(ballots).points;
    expect(points[5]?.accuracy?.value).toBeCloseTo(exact[5]?.accuracy?.value ?? 0, 1);
  });

  it('draws no panel twice', () => {
    const panels = panelsOf({ models: 8, size: 4, maxPanels: 60, draw: drawsFor('panels') });
    expect(new Set(panels.map((panel) => panel.join())).size).toBe(60);
    for (const panel of panels) expect(new Set(panel).size).toBe(4);
  });

  it('counts a missing vote as an abstention, for independent errors too', () => {
    const ballots = ['right', 'right', undefined, 'wrong'].map((key, index) =>
      ballot(`${index}`, { a: key, b: 'right', c: key }),
    );
    const often = { accuracy: 0.5, abstention: 0.25 };
    expect(reliabilityCurve(ballots, { choices: 3 }).points[2]?.ifIndependent).toBeCloseTo(
      independentReliability([often, { accuracy: 1 }, often], { choices: 3 }),
      12,
    );
  });

  it('has intervals within 0..1 around what was seen, and the best no worse than the worst', () => {
    const key = fc.constantFrom('right', 'wrong', '__proto__', undefined);
    const someBallots = fc.array(fc.record({ a: key, b: key, c: key }), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(someBallots, (rows) => {
        const curve = reliabilityCurve(rows.map((row, index) => ballot(`${index}`, { ...row })));
        for (const { accuracy, best, worst, ifIndependent } of curve.points) {
          const { value = NaN, low = NaN, high = NaN } = accuracy ?? {};
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value - 1e-12);
          expect(best.accuracy).toBeGreaterThanOrEqual(worst.accuracy);
          expect(best.accuracy).toBeGreaterThanOrEqual(value - 1e-12);
          expect(ifIndependent).toBeGreaterThanOrEqual(0);
          expect(ifIndependent).toBeLessThanOrEqual(1);
        }
        expect(JSON.parse(JSON.stringify(curve))).toEqual(curve);
      }),
    );
  });

  it('is nothing without ballots, and refuses what is no option', () => {
    expect(reliabilityCurve([])).toStrictEqual({ models: [], questions: 0, choices: 2, points: [] });
    expect(() => reliabilityCurve([], { maxPanels: 0, choices: 1.5, models: 'a' as never })).toThrow(
      '3 faults',
    );
  });
});
