import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Aim,
  fromPanel,
  type LabelledBallot,
  type PanelExpectation,
  type Tuned,
  tune,
} from '../../../src/experiment/experiment.ts';
import { ballotTable } from '../../../src/experiment/tuning/ballot-table.ts';
import { type FittedPanel, playPanel } from '../../../src/experiment/tuning/fitted-panel.ts';
import { emptyCourse } from '../../../src/experiment/tuning/play.ts';
import { createEnsemble, defineModel, NoPredictionError } from '../../../src/index.ts';
import { draws, type populations } from './synthetic-ballots.ts';

/** The shares of right and of given answers, and the mean calls and costs, of a panel on some ballots. */
const resultsOf = (panel: FittedPanel, ballots: readonly LabelledBallot[]) => {
  const table = ballotTable(ballots, [...(ballots[0]?.votes.keys() ?? [])], {});
  const course = emptyCourse(ballots.length);
  playPanel(table, [...ballots.keys()], panel, course);
  const mean = (values: Iterable<number>): number =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / ballots.length;
  const accuracy = mean(course.right);
  const coverage = mean(course.sureness.map((sureness) => (sureness < 0 ? 0 : 1)));
  const [calls, costUsd] = [mean(course.calls), mean(course.cost)];
  return { accuracy, coverage, calls, costUsd, precision: coverage === 0 ? 0 : accuracy / coverage };
};

/** Runs the written panel on a ballot, and returns whether it answers. */
const answers = async (panel: object, { votes }: LabelledBallot): Promise<boolean> => {
  const models = Array.from(votes, ([id, { key }]) => defineModel(id, () => key ?? 'none'));
  const ensemble = createEnsemble({
    ...fromPanel(JSON.parse(JSON.stringify(panel)), { models }),
    normalization: (text) => (text === 'none' ? undefined : text),
  });
  return await ensemble.predict('?').then(
    () => true,
    (error: unknown) => {
      if (error instanceof NoPredictionError) return false;
      throw error;
    },
  );
};

const cases: readonly (readonly [population: keyof typeof populations, aim: Aim])[] = [
  ['independent', { maximize: 'accuracy' }],
  ['independent', { minimize: 'cost', minAccuracy: 0.85 }],
  ['independent', { maximize: 'coverage', minPrecision: 0.95 }],
  ['correlated', { maximize: 'accuracy' }],
  ['correlated', { minimize: 'cost', minAccuracy: 0.8 }],
  ['correlated', { maximize: 'coverage', minPrecision: 0.9 }],
  ['leaning', { maximize: 'accuracy' }],
  ['leaning', { minimize: 'cost', minAccuracy: 0.8 }],
  ['leaning', { maximize: 'coverage', minPrecision: 0.95 }],
];

describe('what tune promises', { timeout: 240_000 }, () => {
  it('is delivered on fresh questions, about as often as its intervals say', () => {
    const fresh = new Map<string, LabelledBallot[]>();
    const figures = ['accuracy', 'precision', 'coverage', 'calls', 'costUsd'] as const;
    const within = { accuracy: 0, precision: 0, coverage: 0, calls: 0, costUsd: 0 };
    const errors = { accuracy: 0, precision: 0, coverage: 0, calls: 0, costUsd: 0 };
    const REPEATS = 8;
    for (const [population, aim] of cases) {
      const others = fresh.get(population) ?? draws(population, 'fresh', 2000);
      fresh.set(population, others);
      for (let repeat = 0; repeat < REPEATS; repeat += 1) {
        const ballots = draws(population, `${repeat}`, 120);
        const { panel } = tune({ ballots, aim, seed: repeat });
        const delivered = resultsOf(panel, others);
        for (const figure of figures) {
          const { value, low, high } = panel.expected[figure] as NonNullable<PanelExpectation['costUsd']>;
          const is = delivered[figure];
          if (is >= low - 1e-9 && is <= high + 1e-9) within[figure] += 1;
          errors[figure] += (value - is) / (REPEATS * cases.length);
        }
      }
    }
    const n = REPEATS * cases.length;
    for (const figure of figures) expect(within[figure] / n, figure).toBeGreaterThanOrEqual(0.9);
    // Neither too high, as the best of many is, nor too low.
    expect(Math.abs(errors.accuracy)).toBeLessThan(0.02);
    expect(Math.abs(errors.precision)).toBeLessThan(0.02);
  });

  it('is kept by a panel for coverage: it answers some of its own ballots, whatever they are', async () => {
    const key = fc.constantFrom('yes', 'no', 'yes', undefined);
    const someBallot = fc.tuple(key, key, key, fc.constantFrom('yes', 'no'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(someBallot, { minLength: 20, maxLength: 40 }),
        fc.constantFrom(0.5, 0.8, 0.95, 1),
        fc.boolean(),
        async (rows, minPrecision, areClasses) => {
          const named = (index: number, text: string): string => (areClasses ? text : `${index} ${text}`);
          const ballots = rows.map(
            ([a, b, c, right], index): LabelledBallot => ({
              id: `${index}`,
              rightKeys: new Set([named(index, right)]),
              votes: new Map(
                [a, b, c].map((text, model) => [
                  `m${model}`,
                  { key: text === undefined ? undefined : named(index, text) },
                ]),
              ),
            }),
          );
          if (rows.every(([a, b, c]) => a === undefined && b === undefined && c === undefined)) return;
          const { panel } = tune({ ballots, aim: { maximize: 'coverage', minPrecision }, folds: 2 });
          for (const one of ballots) if (await answers(panel, one)) return;
          throw new Error(`no ballot of its own satisfies ${JSON.stringify(panel)}`);
        },
      ),
      { numRuns: 60, seed: 13 },
    );
  });

  it('is delivered if many ballots are alike, so that a voter has few levels of sureness', async () => {
    const ballots = draws('leaning', 'alike', 300);
    const { panel } = tune({ ballots, aim: { maximize: 'coverage', minPrecision: 0.95 } });
    expect(panel.acceptFrom).toBeGreaterThan(0);
    let given = 0;
    for (const one of ballots) if (await answers(panel, one)) given += 1;
    const { low, high } = panel.expected.coverage;
    expect(given / ballots.length).toBeGreaterThanOrEqual(low);
    expect(given / ballots.length).toBeLessThanOrEqual(high);
    expect(given / ballots.length).toBeCloseTo(resultsOf(panel, ballots).coverage, 12);
  });

  it('is compared with the aim by its expectation, and a miss is measured', () => {
    const ballots = draws('independent', 'misses', 150);
    const missesOf = (aim: Aim): Pick<Tuned, 'isAimMet' | 'misses' | 'panel'> => tune({ ballots, aim });
    expect(missesOf({ maximize: 'accuracy' })).toMatchObject({ isAimMet: true, misses: [] });
    for (const minAccuracy of [0.5, 0.8, 0.9, 0.99]) {
      const { isAimMet, misses, panel } = missesOf({ minimize: 'cost', minAccuracy });
      const { value } = panel.expected.accuracy;
      expect(isAimMet).toBe(value >= minAccuracy);
      expect(misses).toStrictEqual(
        isAimMet
          ? []
          : [{ figure: 'accuracy', bound: minAccuracy, expected: value, by: minAccuracy - value }],
      );
    }
    const { misses, panel } = missesOf({ maximize: 'accuracy', maxCalls: 0.5, maxCostUsd: 0.001 });
    expect(misses).toStrictEqual([
      { figure: 'costUsd', bound: 0.001, expected: panel.expected.costUsd?.value, by: expect.closeTo(0.009) },
      { figure: 'calls', bound: 0.5, expected: 1, by: 0.5 },
    ]);
  });

  it('if an accuracy is out of reach, chooses the cheapest of those that are as good as the best', () => {
    // The dear model is no better than the cheap one.
    const ballots = draws('independent', 'reach', 200).map(
      (one): LabelledBallot => ({
        ...one,
        votes: new Map([
          ['cheap', { key: one.votes.get('m0')?.key, costUsd: 0.01 }],
          ['dear', { key: one.votes.get('m0')?.key, costUsd: 1 }],
        ]),
      }),
    );
    const { panel, isAimMet, misses } = tune({ ballots, aim: { minimize: 'cost', minAccuracy: 0.99 } });
    expect(panel.members).toStrictEqual(['cheap']);
    expect([isAimMet, misses.length]).toStrictEqual([false, 1]);
  });

  it('is that of the chosen panel in calls and costs, not of others that were chosen without a part', () => {
    const ballots = draws('correlated', 'own', 150);
    const { panel } = tune({ ballots, aim: { minimize: 'cost', minAccuracy: 0.6 } });
    expect(panel.members).toHaveLength(1);
    expect(panel.expected.calls).toStrictEqual({ value: 1, low: 1, high: 1 });
    const place = Number(panel.members[0]?.slice(1));
    expect(panel.expected.costUsd?.value).toBeCloseTo(0.01 * (place + 1), 12);
  });

  it('is no less than the best single model and the plurality promise, and each figure is possible', () => {
    for (const [population, aim] of cases) {
      for (const seed of ['a', 'b', 'c']) {
        const ballots = draws(population, `possible/${seed}`, 60);
        const { panel, bestSingle, plurality, comparison } = tune({ ballots, aim, seed, maxSubsets: 16 });
        const { calls, costUsd, accuracy, precision, coverage } = panel.expected;
        if ('maximize' in aim && aim.maximize === 'accuracy') {
          for (const baseline of [bestSingle, plurality])
            expect(accuracy.value).toBeGreaterThanOrEqual(baseline.accuracy.value - 1e-9);
        }
        if (!comparison.isPanelChosen)
          expect([bestSingle.accuracy, plurality.accuracy]).toContainEqual(accuracy);
        expect(calls.low).toBeGreaterThanOrEqual(1);
        expect(calls.high).toBeLessThanOrEqual(panel.members.length);
        expect(costUsd?.low).toBeGreaterThanOrEqual(0.01);
        for (const { value, low, high } of [accuracy, precision, coverage]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(high).toBeLessThanOrEqual(1);
        }
      }
    }
  });
});

describe('the comparison with the baselines', () => {
  it('chooses the best single model if all others only repeat it, with the figures of that model', () => {
    const ballots = draws('independent', 'repeated', 120).map((one): LabelledBallot => {
      const vote = one.votes.get('m0') ?? { key: undefined };
      return { ...one, votes: new Map(['a', 'b', 'c'].map((model) => [model, vote])) };
    });
    const { panel, bestSingle, plurality, comparison } = tune({ ballots, aim: { maximize: 'accuracy' } });
    expect(panel.members).toStrictEqual([bestSingle.model]);
    expect(comparison).toStrictEqual({
      baseline: 'bestSingle',
      figure: 'accuracy',
      lead: { value: 0, low: 0, high: 0 },
      isPanelChosen: false,
      misses: [],
    });
    const right = ballots.filter(({ rightKeys, votes }) => rightKeys.has(votes.get('a')?.key ?? '')).length;
    for (const { accuracy } of [panel.expected, bestSingle, plurality])
      expect(accuracy.value).toBeCloseTo(right / ballots.length, 12);
  });

  it('chooses a panel that leads by far, and says by how much on the same questions', () => {
    const ballots = draws('leaning', 'far', 300);
    const { panel, comparison, ...baselines } = tune({ ballots, aim: { maximize: 'accuracy' } });
    const { lead, isPanelChosen, baseline } = comparison;
    expect(isPanelChosen).toBe(true);
    const { accuracy } = panel.expected;
    expect(lead.value).toBeCloseTo(accuracy.value - baselines[baseline].accuracy.value, 12);
    expect(lead.low).toBeGreaterThan(0);
  });

  it('chooses the best single model by its right answers, not by how seldom it answers', () => {
    const ballots = Array.from(
      { length: 60 },
      (_, index): LabelledBallot => ({
        id: `${index}`,
        rightKeys: new Set([`${index}`]),
        votes: new Map([
          ['seldom', { key: index % 3 === 0 ? `${index}` : undefined }],
          ['often', { key: index % 10 === 0 ? 'wrong' : `${index}` }],
        ]),
      }),
    );
    const { bestSingle } = tune({ ballots, aim: { maximize: 'accuracy' } });
    expect([bestSingle.model, bestSingle.accuracy.value]).toStrictEqual(['often', expect.closeTo(0.9, 12)]);
  });
});
