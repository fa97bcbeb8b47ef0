import { describe, expect, it } from 'vitest';
import { labelledBallots, runExperiment, scorecard, type Trial } from '../../src/experiment/experiment.ts';
import { isReduced, leftOutAs } from '../../src/experiment/left-out.ts';
import { causeLines } from '../../src/experiment/scorecard/cause-lines.ts';
import { causesFold } from '../../src/experiment/scorecard/causes-fold.ts';
import { differingTrial } from '../../src/experiment/scorecard/differing-trial.ts';
import { normalizationFit } from '../../src/experiment/scorecard/normalization-fit.ts';
import { byContent, byEquivalence } from '../../src/grouping/grouping.ts';
import {
  abstain,
  type DecideFunction,
  defineModel,
  NoConsensusError,
  type Prediction,
  ProviderError,
} from '../../src/index.ts';
import type { PredictionResult } from '../../src/metrics/stats.ts';
import { banana, byInitial, grouped, groupedPrediction, saying } from '../grouped.ts';

const trialOf = (result: PredictionResult, expected: unknown = 'an apple', score?: number): Trial => ({
  condition: 'c',
  question: { id: 'q', question: 'What is green?', expected },
  result,
  score,
});

const calling =
  (judge: ReturnType<typeof saying>): DecideFunction =>
  (_tally, { call }) =>
    call(judge, '?', { role: 'judge' }) as never;
const down = defineModel('a', () => Promise.reject(new ProviderError('a', '503', { status: 503 })));
const silent = defineModel('a', () => ({ text: ' ', costUsd: 0.2 }));

describe('a scorecard of groups and deciders', () => {
  it('counts the votes of members, for the answer of their group, and pays for all calls', async () => {
    const trials = [trialOf(await groupedPrediction({ decide: banana() }), 'an apple', 0)];
    const [condition] = (await scorecard(trials)).conditions;
    expect(condition?.models.map(({ model, votes, right }) => [model, votes, right])).toStrictEqual([
      ['a', 1, 1],
      ['b', 1, 0],
      ['c', 1, 1],
    ]);
    expect(condition?.calls).toMatchObject({ made: 4, successes: 3, perQuestion: 4 });
    expect(condition?.stats.costUsd.total).toBeCloseTo(1.3, 12);
    expect(condition?.agreement.pairs.map(({ models, agreed }) => [...models, agreed])).toContainEqual([
      'a',
      'c',
      1,
    ]);
  });

  it('tells a judge that fails or abstains from a member that does', async () => {
    const fold = causesFold();
    fold.add(trialOf(await groupedPrediction({ decide: calling(down) })));
    fold.add(trialOf(await groupedPrediction({ decide: calling(silent) })));
    const causes = fold.causes().filter(({ model }) => model !== undefined);
    expect(causes).toMatchObject([
      { kind: 'failed', model: 'a', role: 'judge', count: 1, of: 2 },
      { kind: 'abstained', model: 'a', role: 'judge', count: 1, of: 2 },
    ]);
    const lines = causeLines([
      { condition: 'c', questions: 2, predicted: 2, labelled: 2, accuracy: 1, causes },
    ]);
    expect(lines).toStrictEqual([
      expect.stringContaining('1 of 2 calls of a (judge) failed with ProviderError'),
      expect.stringContaining('1 of 2 calls of a (judge) gave no answer'),
    ]);
  });

  it('shows the answer for which a vote counted, and the role of other calls', async () => {
    const { calls } = differingTrial(trialOf(await groupedPrediction({ decide: banana() })));
    expect(calls.map(({ model, role, answer, text }) => [model, role, answer, text])).toStrictEqual([
      ['a', undefined, 'avocado', 'avocado'],
      ['b', undefined, 'banana', 'banana'],
      ['c', undefined, 'avocado', 'an apple'],
      ['a', 'judge', 'banana', 'banana'],
    ]);
  });

  it('finds no fault with a normalization whose answers a grouping joins', async () => {
    const causesOf = async (prediction: Prediction) => {
      const fit = normalizationFit();
      for (let question = 0; question < 3; question += 1) fit.add(trialOf(prediction));
      return fit.causes();
    };
    expect(await causesOf(await groupedPrediction())).toStrictEqual([]);
    // The word of the judge repeats an answer, and is no vote.
    const models = [saying('a', 'avocado'), saying('b', 'banana')];
    expect(await causesOf(await groupedPrediction({ models, decide: banana() }))).toMatchObject([
      { count: 3 },
    ]);
  });

  it('is touched by an outage of a judge, which is no outage of a member', async () => {
    const kept = await groupedPrediction({ decide: calling(down) });
    expect(isReduced(trialOf(kept))).toBe(true);
    expect(leftOutAs(kept)).toBeUndefined();
    const undecided = grouped({ strategy: 'unanimous', decide: calling(down) });
    const error = await undecided.predict('?').catch((fault) => fault);
    expect(error).toBeInstanceOf(NoConsensusError);
    expect(leftOutAs(error)).toBe('failed');
    const unwilling = grouped({ strategy: 'unanimous', decide: () => abstain('both') });
    expect(leftOutAs(await unwilling.predict('?').catch((fault) => fault))).toBeUndefined();
  });
});

describe('ballots of groups and deciders', () => {
  it('have the votes of members, for the answer of their group', async () => {
    const trials = [trialOf(await groupedPrediction({ decide: banana() }))];
    const [ballot] = await Array.fromAsync(
      labelledBallots(trials, { normalization: (text: string) => text.trim() }),
    );
    expect(Array.from(ballot?.votes ?? [], ([model, { key }]) => [model, key])).toStrictEqual([
      ['a', 'avocado'],
      ['b', 'banana'],
      ['c', 'avocado'],
    ]);
    expect(ballot?.rightKeys).toStrictEqual(new Set(['avocado']));
  });
});

describe('a condition with a grouping', () => {
  it('reads right answers as it reads the answers of its members', async () => {
    const models = [saying('a', 'An Avocado'), saying('b', 'banana'), saying('c', 'an apple')];
    const dataset = [{ id: '1', question: 'What is green?', expected: ' An Avocado ' }];
    const conditions = { c: { models, grouping: byInitial } };
    const [trial] = await Array.fromAsync(runExperiment({ dataset, conditions }));
    expect(trial).toMatchObject({
      score: 1,
      result: { answer: 'An Avocado', metadata: { consensus: 2 / 3 } },
    });
  });
});

describe('what a condition cannot do', () => {
  it('is refused with the way around it: calls that depend on answers', () => {
    const models = [saying('a', 'avocado')];
    const judge = saying('judge', 'avocado');
    const dataset = [{ id: '1', question: '?' }];
    const run = (options: object) => () =>
      runExperiment({ dataset, conditions: { c: { models, ...options } } });
    expect(run({ grouping: byEquivalence({ judge }) })).toThrow(
      /condition "c": option "grouping" makes calls that are not recorded; choose one without a model, such as byContent\(\)/,
    );
    expect(run({ decide: banana() })).toThrow(/option "decide" makes calls that are not recorded/);
    expect(run({ grouping: byContent() })).not.toThrow();
  });
});
