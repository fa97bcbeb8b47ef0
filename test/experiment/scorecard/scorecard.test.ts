import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scorecard } from '../../../src/experiment/scorecard/score.ts';
import type { Scorecard } from '../../../src/experiment/scorecard/scorecard.ts';
import { type ScorecardOptions, scorecardFold } from '../../../src/experiment/scorecard/scorecard-fold.ts';
import { holm } from '../../../src/experiment/statistics/holm.ts';
import { mcnemar } from '../../../src/experiment/statistics/mcnemar.ts';
import { pairedDifference } from '../../../src/experiment/statistics/paired-difference.ts';
import { wilsonInterval } from '../../../src/experiment/statistics/wilson-interval.ts';
import type { Trial } from '../../../src/experiment/trial.ts';
import { drawsFor } from '../../../src/models/random.ts';
import { call, failure } from '../../metrics/predictions.ts';
import { trial } from './trial.ts';

const scored = (trials: readonly Trial[], options?: ScorecardOptions): Scorecard => {
  const fold = scorecardFold(options);
  for (const each of trials) fold.add(each);
  return fold.scorecard();
};

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `q${index}`);

const names = ['small', 'large', '__proto__'];
const someTrials = fc
  .array(
    fc.record({
      // One answer for each condition; none where it was not asked.
      answers: fc.tuple(...names.map(() => fc.constantFrom('4', '5', '__proto__', 'failed', 'not asked'))),
      category: fc.constantFrom(undefined, 'sums', '__proto__'),
      consensus: fc.double({ min: 0, max: 1, noNaN: true }),
      costUsd: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    }),
    { maxLength: 25 },
  )
  .map((questions) =>
    questions.flatMap(({ answers, category, consensus, costUsd }, index) =>
      names.flatMap((condition, place) => {
        const answer = answers[place] ?? 'not asked';
        if (answer === 'not asked') return [];
        const costSource = costUsd === undefined ? 'unknown' : 'reported';
        return trial(condition, `q${index}`, answer === 'failed' ? undefined : answer, {
          calls: [call('m', { costUsd, costSource })],
          metadata: { consensus },
          ...(category !== undefined && { category }),
        });
      }),
    ),
  );

describe('scorecard', () => {
  it('counts what a condition came to', () => {
    const { conditions, trials } = scored([
      trial('a', '1', '4', { category: 'sums', metadata: { consensus: 0.9, latencyMs: 100 } }),
      trial('a', '2', '5', { category: 'sums', metadata: { consensus: 0.6, latencyMs: 300 } }),
      trial('a', '3', undefined, { category: 'other' }),
      { ...trial('a', '4', '4'), score: undefined },
    ]);
    expect(trials).toBe(4);
    expect(conditions).toHaveLength(1);
    expect(conditions[0]).toMatchObject({
      condition: 'a',
      questions: 4,
      predicted: 3,
      coverage: { value: 3 / 4, ...wilsonInterval(3, 4) },
      labelled: 3,
      right: 1,
      accuracy: { value: 1 / 3, ...wilsonInterval(1, 3) },
      precision: { value: 1 / 2, ...wilsonInterval(1, 2) },
      meanScore: 1 / 3,
      calls: { made: 4, successes: 3, abstentions: 0, failures: 1, cancelled: 0, perQuestion: 1 },
      stats: { count: 4, successes: 3, failures: 1, errors: { AllModelsFailedError: 1 } },
      riskCoverage: {
        count: 2,
        points: [
          { coverage: 1 / 3, risk: 0 },
          { coverage: 2 / 3, risk: 0.5 },
        ],
      },
      calibration: { before: { count: 2, accuracy: 0.5, meanConfidence: 0.75 } },
      categories: [
        { category: 'sums', questions: 2, predicted: 2, labelled: 2, right: 1 },
        { category: 'other', questions: 1, predicted: 0, labelled: 1, right: 0 },
      ],
    });
    expect(conditions[0]?.latencyQuantilesMs).toHaveLength(101);
    expect(conditions[0]?.latencyQuantilesMs[0]).toBeGreaterThan(9);
  });

  it('takes an answer that is partly right for not right, and for a part of the mean score', () => {
    const [condition] = scored([trial('a', '1', '4.1', { score: 0.5 }), trial('a', '2', '4')]).conditions;
    expect(condition).toMatchObject({ right: 1, meanScore: 0.75 });
  });

  it('counts what is known of the costs, and says how much that is', () => {
    const unknown = call('m', { costUsd: undefined, costSource: 'unknown' });
    const { conditions } = scored([
      trial('a', '1', '4', { calls: [call('m', { costUsd: 0.002 })] }),
      trial('a', '2', '4', { calls: [call('m', { costUsd: 0.004, costSource: 'estimated' })] }),
      trial('a', '3', '4', { calls: [unknown] }),
      { ...trial('a', '4', undefined), result: failure([]) },
    ]);
    expect(conditions[0]?.knownCostShare).toBe(3 / 4);
    expect(conditions[0]?.costUsd?.value).toBeCloseTo(0.002, 12);
    expect(conditions[0]?.costUsd?.low).toBe(0);
  });

  it('compares every two conditions question by question, adjusted for how many comparisons there are', () => {
    const answers: Record<string, (index: number) => string> = {
      a: (index) => (index < 60 ? '4' : '5'),
      b: (index) => (index < 80 ? '4' : '5'),
      c: (index) => (index >= 30 ? '4' : '5'),
    };
    const trials = Object.entries(answers).flatMap(([condition, answer]) =>
      ids(100).map((id, index) =>
        trial(condition, id, answer(index), {
          calls: [call('m', { costUsd: condition === 'a' ? 0.001 : 0.003 })],
          metadata: { latencyMs: condition === 'b' ? 200 : 100 },
        }),
      ),
    );
    const { comparisons } = scored(trials);
    expect(comparisons).toMatchObject([
      { first: 'a', second: 'b', onlyFirstRight: 0, onlySecondRight: 20, bothRight: 60, neitherRight: 20 },
      { first: 'a', second: 'c', onlyFirstRight: 30, onlySecondRight: 40, bothRight: 30, neitherRight: 0 },
      { first: 'b', second: 'c', onlyFirstRight: 30, onlySecondRight: 20, bothRight: 50, neitherRight: 0 },
    ]);
    const pValues = [mcnemar(0, 20), mcnemar(30, 40), mcnemar(30, 20)];
    expect(comparisons.map(({ pValue }) => pValue)).toStrictEqual(pValues);
    expect(comparisons.map(({ adjustedPValue }) => adjustedPValue)).toStrictEqual(holm(pValues));
    expect(comparisons[0]?.difference).toStrictEqual(
      pairedDifference(ids(100).map((_, index) => [Number(index < 60), Number(index < 80)] as const)),
    );
    expect(comparisons.map(({ costRatio }) => costRatio)).toStrictEqual(
      [3, 3, 1].map((ratio) => expect.closeTo(ratio, 9)),
    );
    expect(comparisons.map(({ latencyRatio }) => latencyRatio)).toStrictEqual(
      [2, 1, 0.5].map((ratio) => expect.closeTo(ratio, 1)),
    );
  });

  it('compares with a baseline, wherever it stands', () => {
    const trials = ids(30).flatMap((id, index) => [
      trial('a', id, index < 20 ? '4' : '5', { calls: [call('m', { costUsd: 1 })] }),
      trial('b', id, index < 25 ? '4' : '5', { calls: [call('m', { costUsd: 4 })] }),
      trial('c', id, '4', { calls: [call('m', { costUsd: 2 })] }),
    ]);
    const { comparisons } = scored(trials, { baseline: 'b' });
    expect(comparisons).toMatchObject([
      { first: 'b', second: 'a', onlyFirstRight: 5, onlySecondRight: 0, costRatio: 0.25 },
      { first: 'b', second: 'c', onlyFirstRight: 0, onlySecondRight: 5, costRatio: 0.5 },
    ]);
    expect(comparisons[0]?.difference?.value).toBeCloseTo(-5 / 30, 12);
    expect(comparisons[0]?.difference?.high).toBeLessThan(0);
  });

  it('compares on the questions that both were asked, and whose right answer is known', () => {
    const { comparisons } = scored([
      trial('a', '1', '4'),
      trial('a', '2', '4'),
      { ...trial('a', '3', '4'), score: undefined },
      trial('b', '2', '5'),
      { ...trial('b', '3', '5'), score: undefined },
      trial('b', '4', '5'),
    ]);
    expect(comparisons).toMatchObject([{ questions: 1, onlyFirstRight: 1 }]);
  });

  it('does not call two conditions equal since no question tells them apart', () => {
    const trials = ids(100).flatMap((id) => [trial('a', id, '4'), trial('b', id, '4')]);
    const { difference, pValue } = scored(trials).comparisons[0] ?? {};
    expect(pValue).toBe(1);
    // The rule of three, for 2.5 % on each side: about 3.7 in n.
    expect(difference?.high).toBeCloseTo(1 - 0.025 ** (1 / 100), 12);
    expect(difference?.low).toBe(-(difference?.high ?? 0));
  });

  it('shows the questions on which conditions differ, with what was said', () => {
    const { differing } = scored([
      trial('a', 'same', '4'),
      trial('b', 'same', '4'),
      trial('a', 'other', '4', { category: 'sums', text: 'It is 4.', metadata: { consensus: 0.5 } }),
      trial('b', 'other', '5', {
        calls: [call('m'), call('n', { status: 'failed' }), call('o', { status: 'cancelled' })],
      }),
      trial('a', 'lost', undefined),
      trial('b', 'lost', '4', { calls: [call('m', { status: 'abstained' })] }),
    ]);
    expect(differing.count).toBe(2);
    expect(differing.examples).toStrictEqual([
      {
        id: 'other',
        category: 'sums',
        question: 'What is 2 + 2?',
        expected: '4',
        trials: [
          {
            condition: 'a',
            score: 1,
            answer: '4',
            consensus: 0.5,
            calls: [{ model: 'm', status: 'answered', text: '4', answer: '4' }],
          },
          {
            condition: 'b',
            score: 0,
            answer: '5',
            consensus: 1,
            calls: [
              { model: 'm', status: 'answered', text: '5', answer: '5' },
              { model: 'n', status: 'failed', error: 'ModelError' },
              { model: 'o', status: 'cancelled' },
            ],
          },
        ],
      },
      {
        id: 'lost',
        question: 'What is 2 + 2?',
        expected: '4',
        trials: [
          {
            condition: 'a',
            score: 0,
            error: 'AllModelsFailedError',
            calls: [{ model: 'model-1', status: 'failed', error: 'ModelError' }],
          },
          {
            condition: 'b',
            score: 1,
            answer: '4',
            consensus: 1,
            calls: [{ model: 'm', status: 'abstained', text: '4' }],
          },
        ],
      },
    ]);
  });

  it('shows no more of them than it is told to, and no more of a text than a thousand characters', () => {
    const long = `${'x'.repeat(998)}🙂${'y'.repeat(100_000)}`;
    const trials = ids(20).flatMap((id) => [trial('a', id, '4'), trial('b', id, long)]);
    const { differing } = scored(trials, { maxExamples: 3 });
    expect(differing.count).toBe(20);
    expect(differing.examples.map(({ id }) => id)).toStrictEqual(['q0', 'q1', 'q2']);
    const { answer = '' } = differing.examples[0]?.trials[1] ?? {};
    expect(answer).toBe(`${'x'.repeat(998)}…`);
    expect(scored(trials, { maxExamples: 0 }).differing).toStrictEqual({ count: 20, examples: [] });
  });

  it('says which conditions no other one beats in both', () => {
    const at = (condition: string, right: number, costUsd: number, latencyMs: number): Trial[] =>
      ids(10).map((id, index) =>
        trial(condition, id, index < right ? '4' : '5', {
          calls: [call('m', { costUsd })],
          metadata: { latencyMs },
        }),
      );
    const { pareto } = scored(
      [
        ...at('dear', 9, 0.01, 300),
        ...at('cheap', 6, 0.001, 200),
        ...at('worse', 6, 0.002, 100),
        ...at('no better', 9, 0.02, 400),
        ...at('as cheap and worse', 5, 0.001, 250),
        ...at('without a latency', 8, 0.03, 0),
      ].toReversed(),
    );
    expect(pareto).toStrictEqual({ costAccuracy: ['cheap', 'dear'], latencyAccuracy: ['worse', 'dear'] });
  });

  it('judges what single models said by the right answer, as the conditions read it', () => {
    const calls = [call('m'), call('n')];
    const right = { ...trial('a', '1', '1234', { calls }), score: 1 };
    const [condition] = scored(
      [right, { ...trial('a', '2', '1235', { calls }), score: 0 }, { ...right, score: 0 }].map((each) => ({
        ...each,
        question: { ...each.question, expected: '1,234' },
      })),
      { normalization: 'numeric' },
    ).conditions;
    expect(condition?.models.map(({ model, votes, right }) => [model, votes, right])).toStrictEqual([
      ['m', 3, 2],
      ['n', 3, 2],
    ]);
    expect(condition?.agreement).toMatchObject({ basis: 'errors', labelled: 3, meanErrorCorrelation: 1 });
  });

  it('takes what the scorer takes for right for the right answer', () => {
    const [condition] = scored([trial('a', '1', '4.0001', { score: 1 })]).conditions;
    expect(condition?.models).toMatchObject([{ model: 'm', votes: 1, right: 1 }]);
  });

  it('compares a condition once on a question that it was asked twice', () => {
    const trials = [trial('a', '1', '4'), trial('b', '1', '5'), trial('a', '1', '5')];
    const { conditions, comparisons } = scored(trials);
    expect(conditions[0]?.questions).toBe(2);
    expect(comparisons).toMatchObject([{ questions: 1, onlyFirstRight: 1 }]);
  });

  it('still shows what differs after many questions that do not', () => {
    const same = ids(1500).flatMap((id) => [trial('a', id, '4'), trial('b', id, '4')]);
    const differing = [trial('a', 'last', '4'), trial('b', 'last', '5')];
    const options = { conditions: ['a', 'b'] };
    expect(scored([...same, ...differing], options).differing).toMatchObject({
      count: 1,
      examples: [{ id: 'last' }],
    });
  });

  it('calibrates each half by the other: what it learns from noise does not look good', () => {
    const draw = drawsFor('noise');
    const noise = ids(2000).map((id) =>
      trial('a', id, draw() < 0.7 ? '4' : '5', { metadata: { consensus: draw() } }),
    );
    const { before, after, map } = scored(noise).conditions[0]?.calibration ?? {};
    expect(before?.ece).toBeGreaterThan(0.25);
    expect(after?.ece).toBeLessThan(0.05);
    expect(after?.count).toBe(2000);
    expect(map?.count).toBe(2000);
  });

  it('uses confidenceOf, and leaves out invalid confidences', () => {
    const trials = ids(4).map((id, index) => trial('a', id, '4', { metadata: { confidence: index / 2 } }));
    const [condition] = scored(trials, { confidenceOf: ({ metadata }) => metadata.confidence }).conditions;
    expect(condition?.calibration.before).toMatchObject({ count: 3, meanConfidence: 0.5 });
    expect(condition?.riskCoverage.points.at(-1)?.coverage).toBe(3 / 4);
  });

  it('can be read while it grows', () => {
    const fold = scorecardFold();
    expect(fold.scorecard()).toMatchObject({ trials: 0, conditions: [], comparisons: [] });
    fold.add(trial('a', '1', '4'));
    fold.add(trial('b', '1', '5'));
    const early = fold.scorecard();
    const written = JSON.stringify(early);
    fold.add(trial('c', '1', '4'));
    expect(JSON.stringify(early)).toBe(written);
    expect(fold.scorecard().comparisons).toHaveLength(3);
  });

  it('is the same from a stream, and fails with it', async () => {
    const trials = ids(5).map((id) => trial('a', id, '4'));
    async function* stream(): AsyncGenerator<Trial> {
      yield* trials;
    }
    expect(await scorecard(stream())).toStrictEqual(scored(trials));
    async function* failing(): AsyncGenerator<Trial> {
      yield* trials;
      throw new RangeError('torn');
    }
    await expect(scorecard(failing())).rejects.toThrow('torn');
  });

  it('comes back from JSON as it was, with names such as __proto__', () => {
    fc.assert(
      fc.property(someTrials, (trials) => {
        const card = scored(trials);
        expect(JSON.parse(JSON.stringify(card))).toEqual(card);
        expect(card.conditions.map(({ condition }) => condition).toSorted()).toStrictEqual(
          [...new Set(trials.map(({ condition }) => condition))].toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('compares the same for any order of trials, and has estimates within their intervals', () => {
    fc.assert(
      fc.property(someTrials, (trials) => {
        const [card, other] = [scored(trials, { conditions: names }), scored(trials.toReversed())];
        expect(card.trials).toBe(trials.length);
        for (const comparison of other.comparisons) {
          const { first, second } = comparison;
          const same = card.comparisons.find(
            (each) => new Set([each.first, each.second, first, second]).size === 2,
          );
          expect(same?.pValue).toBe(comparison.pValue);
          expect(same?.questions).toBe(comparison.questions);
          expect(same?.onlyFirstRight).toBe(
            same?.first === first ? comparison.onlyFirstRight : comparison.onlySecondRight,
          );
          expect(comparison.adjustedPValue).toBeGreaterThanOrEqual(comparison.pValue);
        }
        for (const { accuracy, coverage, costUsd, latencyMs } of card.conditions) {
          for (const estimate of [accuracy, coverage, costUsd, latencyMs]) {
            if (estimate === undefined) continue;
            expect(estimate.low).toBeLessThanOrEqual(estimate.value);
            expect(estimate.high).toBeGreaterThanOrEqual(estimate.value);
            expect(estimate.low).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('refuses invalid options, conditions that were not named, and a baseline without a trial', () => {
    expect(() => scorecardFold({ conditions: ['a', 'a'], maxExamples: -1 })).toThrow('2 faults');
    expect(() => scorecardFold({ conditions: ['a'], baseline: 'b' })).toThrow(
      'scorecard: option "baseline" must be one of the conditions, but got "b"',
    );
    expect(() => scorecardFold({ conditions: ['a'] }).add(trial('b', '1', '4'))).toThrow(
      'scorecard: a trial has the condition "b", which option "conditions" does not list',
    );
    expect(() => scored([trial('a', '1', '4')], { baseline: 'b' })).toThrow(
      'option "baseline" is "b", but no trial has this condition; the conditions are "a"',
    );
    expect(() => scorecard([], { seed: 1 } as ScorecardOptions)).toThrow('there is no option "seed"');
  });
});
