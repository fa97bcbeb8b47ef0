import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fromPanel,
  type LabelledBallot,
  type Panel,
  type PanelExecution,
  type PanelVoter,
  type RecordedVote,
  type TuneOptions,
  tune,
} from '../../../src/experiment/experiment.ts';
import { ballotTable } from '../../../src/experiment/tuning/ballot-table.ts';
import { playPanel } from '../../../src/experiment/tuning/fitted-panel.ts';
import { learnedVoter } from '../../../src/experiment/tuning/learned-voter.ts';
import { emptyCourse, play } from '../../../src/experiment/tuning/play.ts';
import { createEnsemble, defineModel, type Model, NoPredictionError } from '../../../src/index.ts';
import { drawsFor } from '../../../src/models/random.ts';

const models = ['m0', 'm1', 'm2', 'm3'];

/** Models that answer a ballot as it was recorded, whatever the question. */
const replaying = ({ votes }: LabelledBallot): Model[] =>
  Array.from(votes, ([id, { key, confidence }]) =>
    defineModel(id, () => ({ text: key ?? 'none', ...(confidence !== undefined && { confidence }) })),
  );

const readKey = (text: string): string | undefined => (text === 'none' ? undefined : text);

const head = { format: 'crucible-ensemble/panel', version: 1 } as const;

const key = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: undefined, freq: 6 });
const confidence = fc.option(fc.constantFrom(0, 0.5, 0.9, 1), { nil: undefined });
const recordedVote = fc
  .tuple(key, confidence)
  .map(([key, confidence]): RecordedVote => ({ key, ...(confidence !== undefined && { confidence }) }));
const someBallot = fc.tuple(...models.map(() => recordedVote)).map(
  (votes): LabelledBallot => ({
    id: '0',
    rightKeys: new Set(['a']),
    votes: new Map(models.map((model, index) => [model, votes[index] ?? { key: undefined }])),
  }),
);

const shares = (least: number) =>
  fc
    .array(fc.integer({ min: least, max: 9 }), { minLength: 4, maxLength: 4 })
    .map((list) => list.map((n) => n / 10));
const row = fc
  .tuple(...['a', 'b', 'c'].map(() => fc.integer({ min: 1, max: 5 })))
  .map((row) => row.map((n) => n / 15));
const someVoter: fc.Arbitrary<PanelVoter> = fc.oneof(
  fc.constant({ rule: 'majority' } as const),
  fc.constant({ rule: 'bestConfidence' } as const),
  fc.constantFrom(0.1, 1).map((temperature) => ({ rule: 'confidenceWeighted', temperature }) as const),
  shares(0).map((weights) => ({ rule: 'weights', weights }) as const),
  fc
    .tuple(shares(3), fc.constantFrom(2, 4.5))
    .map(([accuracies, choices]) => ({ rule: 'logOdds', accuracies, choices }) as const),
  fc
    .tuple(row, fc.array(fc.tuple(row, row, row), { minLength: 4, maxLength: 4 }))
    .map(
      ([prior, likelihoods]) =>
        ({ rule: 'naiveBayes', classes: ['a', 'b', 'c'], prior, likelihoods }) as const,
    ),
);
const someExecution: fc.Arbitrary<PanelExecution> = fc.oneof(
  fc
    .constantFrom('never' as const, 'decided' as const)
    .map((stop) => ({ schedule: 'parallel', stop }) as const),
  fc.constant({ schedule: 'sequential', stop: 'decided' } as const),
  fc
    .constantFrom(0.5, 0.8, 0.95)
    .map((threshold) => ({ schedule: 'sequential', stop: 'confident', threshold }) as const),
  fc
    .integer({ min: 1, max: 4 })
    .map((votes) => ({ schedule: 'sequential', stop: 'agreement', votes }) as const),
);

/** Ballots in which models err on their own, as often as they are told to. */
const simulated = (
  accuracies: readonly number[],
  count: number,
  costs?: readonly number[],
): LabelledBallot[] => {
  const draw = drawsFor(`${accuracies.join()}/${count}`);
  return Array.from({ length: count }, (_, index): LabelledBallot => {
    const votes = accuracies.map((share, model): [string, RecordedVote] => {
      const isRight = draw() < share;
      const costUsd = costs?.[model];
      const said = isRight ? `right ${index}` : `wrong ${index} ${Math.floor(draw() * 3)}`;
      return [`m${model}`, { key: said, ...(costUsd !== undefined && { costUsd }) }];
    });
    return { id: `${index}`, rightKeys: new Set([`right ${index}`]), votes: new Map(votes) };
  });
};

/** What a panel makes of a ballot as an ensemble of replayed models. */
const resultOf = (panel: object, ballot: LabelledBallot) =>
  createEnsemble({ ...fromPanel(panel, { models: replaying(ballot) }), normalization: readKey })
    .predict('?')
    .catch((error: unknown) => {
      if (error instanceof NoPredictionError) return error;
      throw error;
    });

describe('what tune replays', { timeout: 60_000 }, () => {
  it('comes to just what the ensemble of the panel does', async () => {
    await fc.assert(
      fc.asyncProperty(someBallot, someVoter, someExecution, async (ballot, voter, execution) => {
        const table = ballotTable([ballot], models, {});
        const course = emptyCourse(1);
        const order = [0, 1, 2, 3];
        play(table, [0], { order, learned: learnedVoter(voter, models) }, [{ execution, course }]);

        const panel = { ...head, members: models, voter, execution };
        const result = await resultOf(panel, ballot);

        const isRight = !(result instanceof NoPredictionError) && ballot.rightKeys.has(`${result.answer}`);
        expect(course.right[0]).toBe(isRight ? 1 : 0);
        // Of models that answer at once, those that come after the decision are never asked.
        if (execution.schedule === 'sequential') expect(course.calls[0]).toBe(result.outcomes.length);
        else expect(course.calls[0]).toBe(4);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same for rows that are alike as for each of them by itself', () => {
    const ids = models.slice(0, 3);
    const alike = fc.array(
      fc.tuple(someBallot, fc.integer({ min: 1, max: 3 })).map(
        ([{ votes, ...ballot }, costUsd]): LabelledBallot => ({
          ...ballot,
          votes: new Map(
            Array.from(votes, ([id, { key }]) => [id, { key, costUsd: costUsd * (models.indexOf(id) + 1) }]),
          ),
        }),
      ),
      { minLength: 2, maxLength: 20 },
    );
    fc.assert(
      fc.property(alike, someVoter, someExecution, (ballots, voter, execution) => {
        const learned = learnedVoter(voter, models);
        const playOf = (some: readonly LabelledBallot[]) => {
          const course = emptyCourse(some.length);
          play(
            ballotTable(some, models, {}),
            [...some.keys()],
            { order: ids.map((_, place) => 2 - place), learned },
            [{ execution, course }],
          );
          return course;
        };
        const together = playOf(ballots);
        for (const [place, ballot] of ballots.entries()) {
          const alone = playOf([ballot]);
          for (const figure of ['right', 'sureness', 'calls', 'cost'] as const)
            expect(together[figure][place]).toBe(alone[figure][0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('comes to just what the ensemble does, also if it answers only when it is sure enough', async () => {
    const acceptFrom = fc.constantFrom(0.3, 0.6, 0.9);
    await fc.assert(
      fc.asyncProperty(
        someBallot,
        someVoter,
        someExecution,
        acceptFrom,
        async (ballot, voter, execution, acceptFrom) => {
          const panel = { ...head, members: models, voter, execution, acceptFrom };
          const course = emptyCourse(1);
          playPanel(ballotTable([ballot], models, {}), [0], panel, course);
          const result = await resultOf(panel, ballot);
          const answer = result instanceof NoPredictionError ? undefined : `${result.answer}`;
          expect((course.sureness[0] ?? -1) >= 0).toBe(answer !== undefined);
          expect(course.right[0]).toBe(ballot.rightKeys.has(answer ?? '') ? 1 : 0);
          if (execution.schedule === 'sequential') expect(course.calls[0]).toBe(result.outcomes.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('holds back what the ensemble of the panel does', async () => {
    await fc.assert(
      fc.asyncProperty(
        someBallot,
        someVoter,
        fc.constantFrom(0.3, 0.6, 0.9),
        async (ballot, voter, acceptFrom) => {
          const execution = { schedule: 'parallel', stop: 'never' } as const;
          const course = emptyCourse(1);
          const learned = learnedVoter(voter, models);
          play(ballotTable([ballot], models, {}), [0], { order: [0, 1, 2, 3], learned }, [
            { execution, course },
          ]);
          const panel = { ...head, members: models, voter, execution, acceptFrom };
          const options = { ...fromPanel(panel, { models: replaying(ballot) }), normalization: readKey };
          const isGiven = await createEnsemble(options)
            .predict('?')
            .then(
              () => true,
              () => false,
            );
          expect((course.sureness[0] ?? -1) >= acceptFrom).toBe(isGiven);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('tune', { timeout: 60_000 }, () => {
  const three = simulated([0.8, 0.8, 0.8], 200);

  it('chooses the same panel for the same options', () => {
    const options: TuneOptions = { ballots: three, aim: { maximize: 'accuracy' }, seed: 'again' };
    expect(tune(options)).toStrictEqual(tune(options));
  });

  it('takes a vote of independent models for what it is worth', () => {
    const { panel, bestSingle, isAimMet } = tune({ ballots: three, aim: { maximize: 'accuracy' } });
    expect(panel.members).toHaveLength(3);
    expect(panel.expected.accuracy.value).toBeGreaterThan(bestSingle.accuracy.value + 0.05);
    expect(panel.expected.calls.value).toBeLessThan(3);
    expect(isAimMet).toBe(true);
  });

  it('takes the best single model where the others are of no use', () => {
    const { panel, plurality, bestSingle } = tune({
      ballots: simulated([0.95, 0.3, 0.3, 0.3], 200),
      aim: { maximize: 'accuracy' },
    });
    expect(panel.expected.accuracy.value).toBeGreaterThanOrEqual(bestSingle.accuracy.value - 0.01);
    expect(plurality.accuracy.value).toBeLessThan(0.7);
  });

  it('expects what comes: on new ballots the panel does as well, within the noise', () => {
    const ballots = simulated([0.75, 0.75, 0.7, 0.65], 1100);
    const { panel } = tune({ ballots: ballots.slice(0, 300), aim: { maximize: 'accuracy' } });
    const others = ballots.slice(300);
    const table = ballotTable(others, panel.members, {});
    const course = emptyCourse(others.length);
    const order = panel.members.map((_, place) => place);
    const learned = learnedVoter(panel.voter, panel.members);
    play(table, [...others.keys()], { order, learned }, [{ execution: panel.execution, course }]);
    const share = course.right.reduce((sum, right) => sum + right, 0) / others.length;
    expect(share).toBeGreaterThan(panel.expected.accuracy.low - 0.02);
    expect(share).toBeLessThan(panel.expected.accuracy.high + 0.02);
  });

  const costs = [0.01, 0.01, 0.01, 1];
  const priced = simulated([0.8, 0.8, 0.8, 0.97], 300, costs);

  it('finds the cheapest that is accurate enough', () => {
    const { panel, isAimMet } = tune({ ballots: priced, aim: { minimize: 'cost', minAccuracy: 0.9 } });
    expect(isAimMet).toBe(true);
    expect(panel.expected.accuracy.high).toBeGreaterThan(0.9);
    expect(panel.expected.costUsd?.value).toBeLessThan(0.6);
  });

  it('says so where nothing is accurate enough, and takes the most accurate', () => {
    const { panel, isAimMet } = tune({ ballots: priced, aim: { minimize: 'cost', minAccuracy: 0.999 } });
    expect(isAimMet).toBe(false);
    expect(panel.expected.accuracy.value).toBeGreaterThan(0.94);
  });

  it('keeps to what a question may cost', () => {
    const { panel } = tune({ ballots: priced, aim: { maximize: 'accuracy', maxCostUsd: 0.05 } });
    expect(panel.expected.costUsd?.low).toBeLessThanOrEqual(0.05);
    expect(panel.expected.accuracy.value).toBeGreaterThan(0.85);
    const { panel: few } = tune({ ballots: three, aim: { maximize: 'accuracy', maxCalls: 1 } });
    expect(few.members).toHaveLength(1);
  });

  it('answers as many questions as it can at the wanted precision, and holds the rest back', () => {
    const { panel, isAimMet } = tune({ ballots: three, aim: { maximize: 'coverage', minPrecision: 0.93 } });
    expect(isAimMet).toBe(true);
    expect(panel.acceptFrom).toBeGreaterThan(0);
    const { coverage, precision } = panel.expected;
    expect(coverage.value).toBeGreaterThan(0.4);
    expect(coverage.value).toBeLessThan(1);
    expect(precision.high).toBeGreaterThan(0.93);
    expect(() =>
      fromPanel(JSON.parse(JSON.stringify(panel)), { models: (id) => defineModel(id, () => '') }),
    ).not.toThrow();
  });

  it('asks all at once where it may not ask one after the other', () => {
    const { panel } = tune({ ballots: three, aim: { maximize: 'accuracy' }, schedules: ['parallel'] });
    expect(panel.execution.schedule).toBe('parallel');
  });

  it('takes prices where nothing was recorded, and counts calls where there are none', () => {
    const aim = { maximize: 'accuracy' } as const;
    expect(tune({ ballots: three, aim }).panel.expected.costUsd).toBeUndefined();
    const prices = { m0: 0.1, m1: 0.1, m2: 0.1 };
    const { calls, costUsd } = tune({ ballots: three, aim, prices }).panel.expected;
    expect(costUsd?.value).toBeCloseTo(0.1 * calls.value, 9);
  });

  it('is no surer than its ballots allow', () => {
    const { panel }: { panel: Panel } = tune({ ballots: three.slice(0, 20), aim: { maximize: 'accuracy' } });
    expect(panel.expected.accuracy.high - panel.expected.accuracy.low).toBeGreaterThan(0.2);
  });

  it('lists the faults of its options', () => {
    const wrong = { ballots: three, aim: { minimize: 'cost' }, folds: 1, speed: 3 } as unknown as TuneOptions;
    expect(() => tune(wrong)).toThrow(/"folds" must be.*no option "speed".*"minAccuracy" is missing/s);
    expect(() => tune({ ballots: three.slice(0, 19), aim: { maximize: 'accuracy' } })).toThrow(
      '5 folds need at least 20 questions with a right answer, but there are 19, too few to compare panels: add ballots',
    );
    expect(() => tune({ ballots: three.slice(0, 39), aim: { maximize: 'accuracy' }, folds: 10 })).toThrow(
      '10 folds need at least 40',
    );
    expect(() => tune({ ballots: three, aim: { maximize: 'accuracy', maxCostUsd: 1 } })).toThrow(
      /"m0".*"m1".*"m2"/s,
    );
    const twice = { ballots: three, aim: { maximize: 'accuracy' }, models: ['m0', 'm0'] } as const;
    expect(() => tune(twice)).toThrow('"models" must be an array of different ids');
    const parsed = JSON.parse(JSON.stringify(three));
    expect(() => tune({ ballots: parsed, aim: { maximize: 'accuracy' } })).toThrow(
      'option "ballots" must be an array of ballots with a Map "votes" and a Set "rightKeys"',
    );
    const gaps = [...three, ...simulated([0.5, 0.5, 0.5, 0.5], 20)];
    expect(() => tune({ ballots: gaps, aim: { maximize: 'accuracy' } })).toThrow(
      '200 of 220 have none of "m3"',
    );
    expect(
      tune({ ballots: gaps, aim: { maximize: 'accuracy' }, models: ['m0'] }).panel.members,
    ).toStrictEqual(['m0']);
  });

  it('leaves out questions of which a call failed, counts them, and refuses if they are too many', () => {
    const failing = (count: number, ...ids: readonly string[]): LabelledBallot[] =>
      three.map((ballot, index) => ({
        ...ballot,
        votes: new Map(
          Array.from(ballot.votes, ([model, vote]) => [
            model,
            index < count && ids.includes(model) ? { key: undefined, hasFailed: true } : vote,
          ]),
        ),
      }));
    const aim = { maximize: 'accuracy' } as const;
    const { leftOut, panel, ...others } = tune({ ballots: failing(10, 'm0', 'm1'), aim });
    expect(leftOut).toStrictEqual({
      ballots: 10,
      failed: [
        { model: 'm0', calls: 10 },
        { model: 'm1', calls: 10 },
      ],
    });
    const complete = tune({ ballots: three.slice(10), aim });
    expect({ panel, ...others, leftOut: { ballots: 0, failed: [] } }).toStrictEqual(complete);
    expect(() => tune({ ballots: failing(11, 'm1'), aim })).toThrow(
      '11 of 200 calls of "m1" failed, so its answers are not known; at most 5 % of the questions may be left out, but 11 would be',
    );
    // A model that is not asked for may have failed as often as it likes.
    expect(tune({ ballots: failing(200, 'm1'), aim, models: ['m0', 'm2'] }).leftOut.ballots).toBe(0);
  });

  it('says which costs are unknown, and marks what is estimated', () => {
    const aim = { maximize: 'accuracy' } as const;
    const partly = priced.map((ballot, index) => ({
      ...ballot,
      votes: new Map(
        Array.from(ballot.votes, ([model, vote]) =>
          index < 7 && model === 'm3' ? [model, { key: vote.key }] : [model, vote],
        ),
      ),
    }));
    const { unknownCosts, bestSingle, plurality } = tune({ ballots: partly, aim });
    expect(unknownCosts).toStrictEqual([{ model: 'm3', calls: 7 }]);
    expect([bestSingle.model, bestSingle.isCostEstimated, plurality.isCostEstimated]).toStrictEqual([
      'm3',
      true,
      true,
    ]);
    const withPrice = tune({ ballots: partly, aim, prices: { m3: 1 } });
    expect([withPrice.unknownCosts, withPrice.bestSingle.isCostEstimated]).toStrictEqual([[], undefined]);
    expect(tune({ ballots: three, aim }).unknownCosts).toHaveLength(3);
  });
});
