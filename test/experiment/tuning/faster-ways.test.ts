import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fitLogOdds,
  fitOneCoin,
  fitWawa,
  type LabelledBallot,
  type RecordedVote,
  tune,
} from '../../../src/experiment/experiment.ts';
import { FEW_MODELS } from '../../../src/experiment/tuning/answer-scores.ts';
import { type BallotTable, ballotTable } from '../../../src/experiment/tuning/ballot-table.ts';
import { lessonFrom, orderOf } from '../../../src/experiment/tuning/candidate.ts';
import type { Ranked } from '../../../src/experiment/tuning/candidates.ts';
import { type Fold, foldsOf } from '../../../src/experiment/tuning/folds.ts';
import { learnedVoter } from '../../../src/experiment/tuning/learned-voter.ts';
import { emptyCourse, isRightAtOnce, play } from '../../../src/experiment/tuning/play.ts';
import { rank } from '../../../src/experiment/tuning/rank.ts';
import { type RuleName, ruleNames } from '../../../src/experiment/tuning/rules.ts';
import { finished } from '../../../src/experiment/tuning/work.ts';
import { logOddsWeight } from '../../../src/strategies/voting/log-odds.ts';
import { draws } from './synthetic-ballots.ts';

const models = ['m0', 'm1', 'm2', 'm3'];
/** More than those whose sets are looked up in a table. */
const manyModels = Array.from({ length: FEW_MODELS + 1 }, (_, index) => `m${index}`);
const keys = ['a', 'b', 'c', 'd'];

const vote = (confidences: fc.Arbitrary<number | undefined>): fc.Arbitrary<RecordedVote> =>
  fc
    .tuple(
      fc.option(fc.constantFrom(...keys), { nil: undefined, freq: 8 }),
      confidences,
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([key, confidence, cost]) => ({
      key,
      costUsd: cost / 100,
      ...(key !== undefined && confidence !== undefined && { confidence }),
    }));

/** Ballots of all models, with votes in any order. */
const someBallots = (
  confidences: fc.Arbitrary<number | undefined>,
  of = models,
): fc.Arbitrary<readonly LabelledBallot[]> =>
  fc.array(
    fc
      .tuple(
        fc.shuffledSubarray(of, { minLength: of.length }),
        fc.tuple(...of.map(() => vote(confidences))),
        fc.subarray(keys, { maxLength: 2 }),
      )
      .map(([order, votes, right]) => ({
        id: '0',
        rightKeys: new Set(right),
        votes: new Map(order.map((model, index) => [model, votes[index] ?? { key: undefined }])),
      })),
    { minLength: 6, maxLength: 24 },
  );

const without = someBallots(fc.constant(undefined));
const withConfidences = someBallots(fc.option(fc.constantFrom(0, 0.5, 0.9, 1), { nil: undefined }));
const ballots = fc.oneof(without, withConfidences);

const sets = Array.from({ length: 15 }, (_, index) => [0, 1, 2, 3].filter((bit) => ((index + 1) >> bit) & 1));

const last = <Result>(steps: Generator<number, Result>): Result => {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};

/** The ranks of sets, by an election of each row for each set. */
const plainRanks = (
  table: BallotTable,
  folds: readonly Fold[],
  sets: readonly (readonly number[])[],
  rule: RuleName,
): readonly Ranked[] =>
  sets.map((members) => {
    const right = folds.flatMap(({ held, lesson }) => {
      const execution = { schedule: 'parallel', stop: 'never' } as const;
      const order = orderOf({ members, rule, execution }, table, lesson);
      const learned = finished(lesson.voterOf({ rule, members: [] }));
      return held.filter((place) => {
        const row = table.rows[place];
        return row !== undefined && isRightAtOnce(row, order, learned);
      });
    });
    return { members, rule, right: right.length };
  });

describe.each(ruleNames)('the rank of sets of members under the rule %s', (rule) => {
  const expectPlainRanks = (
    some: readonly LabelledBallot[],
    models: readonly string[],
    sets: readonly (readonly number[])[],
  ): void => {
    const table = ballotTable(some, models, {});
    const folds = finished(foldsOf(table, [...table.rows.keys()], 2, 'folds'));
    expect(last(rank(table, folds, sets, rule))).toStrictEqual(plainRanks(table, folds, sets, rule));
  };

  it('is that of an election of each row', () => {
    fc.assert(
      fc.property(ballots, fc.shuffledSubarray(sets, { minLength: 1 }), (some, sets) => {
        expectPlainRanks(some, models, sets);
      }),
      { numRuns: 60 },
    );
  });

  it('is that of an election of each row, with more models than fit into a table of all sets', () => {
    const someSets = fc.uniqueArray(fc.subarray([...manyModels.keys()], { minLength: 1 }), {
      minLength: 1,
      maxLength: 20,
      selector: (members) => members.join(),
    });
    const ofMany = fc.oneof(
      someBallots(fc.constant(undefined), manyModels),
      someBallots(fc.constantFrom(0.5, 0.9), manyModels),
    );
    fc.assert(
      fc.property(ofMany, someSets, (some, sets) => {
        expectPlainRanks(some, manyModels, sets);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a replay', () => {
  it('of all rows together is that of each row alone', () => {
    const orders = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 });
    fc.assert(
      fc.property(ballots, orders, fc.constantFrom(...ruleNames), (some, order, rule) => {
        const rows = [...some.keys()];
        const runs = () =>
          (
            [
              { schedule: 'parallel', stop: 'decided' },
              { schedule: 'sequential', stop: 'decided' },
              { schedule: 'sequential', stop: 'confident', threshold: 0.8 },
              { schedule: 'sequential', stop: 'agreement', votes: 2 },
            ] as const
          ).map((execution) => ({ execution, course: emptyCourse(some.length) }));
        const table = ballotTable(some, models, {});
        const learned = learnedVoter(
          finished(lessonFrom(table, rows).voterOf({ rule, members: [] })).rule,
          models,
        );
        const [together, alone] = [runs(), runs()];
        play(table, rows, { order, learned }, together);
        for (const row of rows) play(table, [row], { order, learned }, alone);
        expect(together).toStrictEqual(alone);
      }),
      { numRuns: 100 },
    );
  });
});

/** The fit of the one-coin model as its formula is written, vote by vote. */
const plainOneCoin = (some: readonly LabelledBallot[]): Readonly<Record<string, number>> => {
  const { choices } = fitOneCoin(some);
  const weigh = ({ votes }: LabelledBallot, weightOf: (model: string) => number): Map<string, number> => {
    const weights = new Map<string, number>();
    for (const [model, { key }] of votes)
      if (key !== undefined) weights.set(key, (weights.get(key) ?? 0) + weightOf(model));
    return weights;
  };
  const accuracies = (share: (ballot: LabelledBallot, index: number) => ReadonlyMap<string, number>) => {
    const counts = new Map<string, { votes: number; right: number }>();
    for (const [index, ballot] of some.entries()) {
      for (const [model, { key }] of ballot.votes) {
        const count = counts.get(model) ?? { votes: 0, right: 0 };
        counts.set(model, count);
        if (key === undefined) continue;
        count.votes += 1;
        count.right += share(ballot, index).get(key) ?? 0;
      }
    }
    return new Map([...counts].map(([model, { votes, right }]) => [model, (right + 1) / (votes + 2)]));
  };
  let current = accuracies((ballot) => {
    const counts = [...weigh(ballot, () => 1)];
    const most = Math.max(...counts.map(([, count]) => count));
    return new Map(
      counts
        .filter(([, count]) => count === most)
        .slice(0, 1)
        .map(([key]) => [key, 1]),
    );
  });
  for (let iteration = 0; iteration < 200; iteration += 1) {
    const before = current;
    const posteriors = some.map((ballot) => {
      const weights = weigh(ballot, (model) => logOddsWeight(before.get(model) ?? 0.5, choices));
      const most = Math.max(0, ...weights.values());
      const unheard = Math.max(0, choices - weights.size) * Math.exp(-most);
      const total = [...weights.values()].reduce((sum, weight) => sum + Math.exp(weight - most), unheard);
      return new Map([...weights].map(([key, weight]) => [key, Math.exp(weight - most) / total]));
    });
    current = accuracies((_, index) => posteriors[index] ?? new Map());
    const changes = [...current].map(([model, share]) => Math.abs(share - (before.get(model) ?? 0)));
    if (Math.max(...changes) < 1e-6) break;
  }
  return Object.fromEntries(current);
};

describe('a fit from numbers', () => {
  it('of one coin is that of its formula, to the last digit', () => {
    fc.assert(
      fc.property(ballots, (some) => {
        expect(fitOneCoin(some).accuracies).toStrictEqual(plainOneCoin(some));
      }),
      { numRuns: 100 },
    );
  });

  it('counts the votes that are right, and those for the first of the answers with most votes', () => {
    fc.assert(
      fc.property(ballots, (some) => {
        const [accuracies, shares]: [Record<string, number>, Record<string, number>] = [{}, {}];
        for (const model of new Set(some.flatMap(({ votes }) => [...votes.keys()]))) {
          const given = some.filter(({ votes }) => votes.get(model)?.key !== undefined);
          const right = given.filter(({ votes, rightKeys }) => rightKeys.has(votes.get(model)?.key ?? ''));
          const agreeing = given.filter(({ votes }) => {
            const all = [...votes.values()].flatMap(({ key }) => key ?? []);
            const counts = Map.groupBy(all, (key) => key);
            const most = Math.max(...[...counts.values()].map(({ length }) => length));
            return votes.get(model)?.key === [...counts].find(([, { length }]) => length === most)?.[0];
          });
          accuracies[model] = (right.length + 1) / (given.length + 2);
          shares[model] = given.length === 0 ? 0 : agreeing.length / given.length;
        }
        expect(fitLogOdds(some).accuracies).toStrictEqual(accuracies);
        expect(fitWawa(some)).toStrictEqual(shares);
      }),
      { numRuns: 100 },
    );
  });
});

describe('tune', () => {
  it('chooses for coverage among surenesses that all differ, as before they were sorted', () => {
    const draw = draws('correlated', 'coverage', 90);
    const some = draw.map((ballot, index) => ({
      ...ballot,
      votes: new Map(
        Array.from(ballot.votes, ([model, vote], place) => [
          model,
          { ...vote, confidence: ((index * 37 + place * 11) % 101) / 101 },
        ]),
      ),
    }));
    const { panel } = tune({
      ballots: some,
      aim: { maximize: 'coverage', minPrecision: 0.8 },
      maxSubsets: 8,
    });
    expect(panel.expected).toMatchInlineSnapshot(`
      {
        "accuracy": {
          "high": 0.9462196834457532,
          "low": 0.7456486497808297,
          "value": 0.8777777777777777,
        },
        "calls": {
          "high": 3.7553734123606586,
          "low": 3.4224043654171195,
          "value": 3.588888888888889,
        },
        "costUsd": {
          "high": 0.0902149364944262,
          "low": 0.07689617461668462,
          "value": 0.08355555555555541,
        },
        "coverage": {
          "high": 1,
          "low": 0.9590643744356734,
          "value": 1,
        },
        "precision": {
          "high": 0.9462196834457532,
          "low": 0.7456486497808297,
          "value": 0.8777777777777777,
        },
      }
    `);
  });
});
