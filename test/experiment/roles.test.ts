import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { debate, judge } from '../../src/deciders/deciders.ts';
import {
  labelledBallots,
  memoryJournal,
  rescore,
  runExperiment,
  scorecard,
  type Trial,
} from '../../src/experiment/experiment.ts';
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
  never,
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

describe('a decider in a condition', () => {
  const dataset = [
    { id: '1', question: 'What is green?', expected: 'banana' },
    { id: '2', question: 'What is yellow?', expected: 'banana' },
  ];
  const models = [saying('a', 'avocado'), saying('b', 'banana'), saying('c', 'cherry')];
  /** Chooses the banana, and counts how often it is asked. */
  const counting = () => {
    let calls = 0;
    const model = defineModel('judge', (prompt) => {
      calls += 1;
      const [, choice] = /<answer-(\w+)-\w+>\n[^<]*banana/.exec(prompt) ?? [];
      return { text: JSON.stringify({ reason: 'it is a fruit', choice }), costUsd: 1 };
    });
    return { model, calls: () => calls };
  };

  it('asks on recorded answers, once for equal conditions, and pays for it', async () => {
    const { model, calls } = counting();
    const journal = memoryJournal();
    const decide = judge({ model, unless: never() });
    const conditions = { votes: { models }, judged: { models, decide }, again: { models, decide } };
    const trials = await Array.fromAsync(runExperiment({ dataset, conditions, journal }));
    expect(
      trials.map(({ condition, result }) => [condition, 'metadata' in result && result.metadata.costUsd]),
    ).toEqual([
      ['votes', expect.closeTo(0.3, 9)],
      ['judged', expect.closeTo(0.3 + perQuestion(trials), 9)],
      ['again', expect.closeTo(0.3 + perQuestion(trials), 9)],
      ['votes', expect.closeTo(0.3, 9)],
      ['judged', expect.closeTo(0.3 + perQuestion(trials), 9)],
      ['again', expect.closeTo(0.3 + perQuestion(trials), 9)],
    ]);
    expect(calls()).toBe(2 * perQuestion(trials));
    expect(journal.count).toBe(2 * 3 + calls());

    // The record is enough to perform the same conditions again.
    const rescored = await Array.fromAsync(rescore({ dataset, conditions, journal }));
    expect(calls()).toBe(2 * perQuestion(trials));
    const decisions = (all: typeof trials) =>
      all.map(({ result }) => 'metadata' in result && [result.text, result.metadata.decision]);
    expect(decisions(rescored)).toStrictEqual(decisions(trials));
    expect(decisions(trials)[1]).toMatchObject(['banana', { by: 'judge', status: 'chosen' }]);
  });

  it('is not recorded if it was not asked, and then the question is left out', async () => {
    const journal = memoryJournal();
    await Array.fromAsync(runExperiment({ dataset, conditions: { votes: { models } }, journal }));
    const { model, calls } = counting();
    const conditions = { judged: { models, decide: judge({ model, unless: never() }) } };
    const trials = await Array.fromAsync(rescore({ dataset, conditions, journal }));
    expect(trials.map(({ result }) => leftOutAs(result))).toStrictEqual(['notRecorded', 'notRecorded']);
    expect(calls()).toBe(0);
  });

  it('may be asked in rounds, by members, about answers that the dataset has', async () => {
    const asked: string[] = [];
    const members = [0, 1, 2].map((index) =>
      defineModel(`m${index}`, (prompt) => {
        asked.push(prompt);
        return { text: 'banana', costUsd: 0.1 };
      }),
    );
    const responses = ['avocado', 'banana', 'cherry'].map((text, index) => ({
      model: `m${index}`,
      text,
      costUsd: 0,
    }));
    const rows = [{ id: '1', question: 'What is yellow?', expected: 'banana', responses }];
    const conditions = { debated: { models: members, decide: debate({ rounds: 1 }) } };
    const [trial] = await Array.fromAsync(runExperiment({ dataset: rows, conditions }));
    expect(trial).toMatchObject({ score: 1, result: { answer: 'banana' } });
    expect(asked).toHaveLength(3);
    expect(asked.every((prompt) => prompt !== 'What is yellow?')).toBe(true);
  });

  it('groups with a model, too', async () => {
    const same = defineModel('same', () => ({ text: 'same', costUsd: 0.5 }));
    const conditions = {
      c: { models, grouping: byEquivalence({ judge: same }) },
      content: { models, grouping: byContent() },
    };
    const trials = await Array.fromAsync(runExperiment({ dataset, conditions }));
    const roles = trials[0]?.result.outcomes.map(({ role }) => role).filter((role) => role !== undefined);
    expect(roles?.length).toBeGreaterThan(0);
    expect(trials[0]?.result).toMatchObject({
      metadata: { grouping: 'byEquivalence', consensus: 1, warnings: [] },
    });
    expect(trials[1]?.result).toMatchObject({ metadata: { grouping: 'byContent', consensus: 1 / 3 } });
  });

  it('that never asks the same is refused before it costs more', async () => {
    let calls = 0;
    const model = defineModel('judge', () => {
      calls += 1;
      return { text: 'banana', costUsd: 1 };
    });
    const decide: DecideFunction = (_tally, { call }) =>
      call(model, `Which? (${calls})`, { role: 'judge' }).pipe(map(() => ({ key: 'banana' })));
    const run = Array.fromAsync(runExperiment({ dataset, conditions: { c: { models, decide } } }));
    await expect(run).rejects.toThrow(/condition "c": what its decider or grouping asks .* differs/);
    expect(calls).toBeLessThanOrEqual(2);
  });

  it('that waits for a promise is refused with the reason', async () => {
    const decide: DecideFunction = async () => ({ key: 'banana' });
    const run = Array.fromAsync(runExperiment({ dataset, conditions: { c: { models, decide } } }));
    await expect(run).rejects.toThrow(/condition "c": .* its decider must wait on RxJS schedulers only/);
  });
});

/** The calls of a judge about one question, for $1.00 each. */
const perQuestion = (trials: readonly Trial[]): number =>
  trials[1]?.result.outcomes.filter(({ role }) => role === 'judge').length ?? 0;
