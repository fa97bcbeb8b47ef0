import { describe, expect, it } from 'vitest';
import { debate, judge as judgeOfDeciders } from '../../../src/deciders/deciders.ts';
import {
  journaled,
  judge,
  labelledBallots,
  memoryJournal,
  type Question,
  rescore,
  runExperiment,
  type Trial,
} from '../../../src/experiment/experiment.ts';
import { createEnsemble, defineModel, type Model } from '../../../src/index.ts';
import { letterOf, verdictFor } from '../../deciders/judges.ts';

/** Grades with yes or no, and chooses among answers with letters. */
const lenient = (prompts: string[] = [], verdict = 'yes'): Model =>
  defineModel('judge', (prompt) => {
    prompts.push(prompt);
    if (prompt.includes('<answer-A-')) return verdictFor(letterOf(prompt, /Big Apple/));
    return { text: /<answer>\s*the Big Apple/i.test(prompt) ? verdict : 'no', costUsd: 0.5 };
  });

const dataset: readonly Question[] = [{ id: '1', question: 'Where is it?', expected: 'New York' }];
const conditions = {
  right: { models: [defineModel('a', () => 'The Big Apple')] },
  wrong: { models: [defineModel('b', () => 'Boston')] },
};

const scoresBy = async (scorer: ReturnType<typeof judgeOfDeciders>, more: object = {}): Promise<unknown> => {
  const trials: Trial[] = [];
  for await (const trial of runExperiment({ dataset, conditions, scorer, ...more })) trials.push(trial);
  return trials.map(({ score, unscored }) => unscored ?? score);
};

describe.each([
  ['the deciders', judgeOfDeciders],
  ['experiments', judge],
])('judge({ model }) of %s', (_, make) => {
  it('scores an experiment, and decides in an ensemble', async () => {
    const one = make({ model: lenient() });
    expect(await scoresBy(one)).toEqual([1, 0]);
    const models = ['Boston', 'The Big Apple'].map((text) => defineModel(text, () => text));
    const { text, metadata } = await createEnsemble({ models, decide: one }).predict('Where is it?');
    expect(text).toBe('The Big Apple');
    expect(metadata.decision).toMatchObject({ by: 'judge', status: 'chosen' });
  });

  it('scores questions without a right answer by its rubric', async () => {
    const prompts: string[] = [];
    const scorer = make({ model: lenient(prompts), rubric: 'It is a nickname.' });
    expect(await scoresBy(scorer, { dataset: [{ id: '1', question: 'Where is it?' }] })).toEqual([1, 0]);
    expect(prompts[0]).toContain('<rubric>\nIt is a nickname.\n</rubric>');
  });

  it('says which answers are right in ballots', async () => {
    const recorded = { ...dataset[0], responses: [{ model: 'a', text: 'The Big Apple' }] } as Question;
    const ballots = labelledBallots([recorded], { scorer: make({ model: lenient() }) });
    const [ballot] = await Array.fromAsync(ballots);
    expect([...(ballot?.rightKeys ?? [])]).toEqual(['the big apple']);
  });
});

describe('a judge that is a decider', () => {
  it('may be an ensemble, whose members vote on yes or no', async () => {
    const jurors = ['Yes, it is a nickname.', 'Yes: it means the same.', 'No, I doubt it.'].map(
      (verdict, index) => ({
        ...lenient([], verdict),
        id: `juror-${index}`,
      }),
    );
    const jury = createEnsemble({ models: jurors, normalization: 'numeric' }).asModel('jury');
    expect(await scoresBy(judge({ model: jury }))).toEqual([1, 0]);
  });

  it('takes its verdicts from the journal in a rescoring', async () => {
    const prompts: string[] = [];
    const journal = memoryJournal();
    const scorer = judge({ model: journaled({ journal })(lenient(prompts)) });
    expect(await scoresBy(scorer, { journal })).toEqual([1, 0]);
    const asked = prompts.length;
    const again = await Array.fromAsync(rescore({ dataset, conditions, scorer, journal }));
    expect(again.map(({ score }) => score)).toEqual([1, 0]);
    expect(prompts).toHaveLength(asked);
  });

  it('is a scorer, as no debate is', () => {
    expect(() => runExperiment({ dataset, conditions, scorer: debate() as never })).toThrow(
      'option "scorer" must be a function, a judge, a jury, or \'none\'',
    );
    expect(() => judge({ model: lenient(), onVerdict: () => undefined } as never)).toThrow(
      'the options are model, rubric, pick, unless, seed',
    );
  });
});
