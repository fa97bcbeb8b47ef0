import { describe, expect, it } from 'vitest';
import {
  type ExperimentProgress,
  journaled,
  judge,
  ModelUnavailableError,
  memoryJournal,
  runExperiment,
  type Scorer,
  scorecard,
  type Trial,
} from '../../src/experiment/experiment.ts';
import { causeLines } from '../../src/experiment/scorecard/cause-lines.ts';
import { AuthenticationError, createEnsemble, defineModel, UserCodeError } from '../../src/index.ts';

const dataset = ['1', '2', '3'].map((id) => ({ id, question: `Question ${id}?`, expected: `Right ${id}` }));
const conditions = { panel: { models: [defineModel('m', (text) => text.replace('Question', 'Answer'))] } };

/** A judge that cannot judge the second question, and counts how often it is asked. */
const puzzled = () => {
  const asked: string[] = [];
  const model = defineModel('judge', (text) => {
    asked.push(text);
    return text.includes('Question 2') ? 'That depends on what is meant.' : 'yes';
  });
  return { model, asked };
};

const trialsOf = (scorer: Scorer, others: object = {}): Promise<Trial[]> =>
  Array.fromAsync(runExperiment({ dataset, conditions, scorer, concurrency: 1, ...others }));

describe('a judge that cannot judge a question', () => {
  it('leaves a trial without a score, with its reason, and the others as they are', async () => {
    const trials = await trialsOf(judge({ ensemble: createEnsemble({ models: [puzzled().model] }) }));
    expect(trials.map(({ score }) => score)).toStrictEqual([1, undefined, 1]);
    expect(trials.map(({ unscored }) => unscored)).toStrictEqual([
      undefined,
      'the judge gave no verdict: 0 of at least 1 votes were cast (judge abstained: a yes or no was not found)',
      undefined,
    ]);
    expect(Object.keys(trials[1] ?? {})).toStrictEqual([
      'condition',
      'question',
      'result',
      'score',
      'unscored',
    ]);
  });

  it('does so in every run of a journal, and is not asked again', async () => {
    const { model, asked } = puzzled();
    const journal = memoryJournal();
    const scorer = judge({ ensemble: createEnsemble({ models: [journaled({ journal })(model)] }) });
    for (let run = 0; run < 3; run += 1) {
      const trials = await trialsOf(scorer, { journal });
      expect(trials.map(({ score }) => score)).toStrictEqual([1, undefined, 1]);
    }
    expect(asked).toHaveLength(3);
  });

  it('is counted below the scorecard with an example, and the accuracy is that of the others', async () => {
    const scorer = judge({ ensemble: createEnsemble({ models: [puzzled().model] }) });
    const { conditions: scores } = await scorecard(await trialsOf(scorer));
    expect(scores[0]).toMatchObject({
      questions: 3,
      predicted: 3,
      labelled: 2,
      right: 2,
      accuracy: { value: 1 },
    });
    expect(causeLines(scores)).toStrictEqual([
      'panel: the accuracy is that of 2 of 3 questions, which have a score',
      'panel: 1 question not scored, for example at 2: the judge gave no verdict: 0 of at least 1 votes were cast (judge abstained: a yes or no was not found)',
    ]);
  });

  it('is a jury without a strict majority, in either order', async () => {
    for (const verdicts of [
      ['yes', 'perhaps', 'no'],
      ['no', 'perhaps', 'yes'],
    ]) {
      const models = verdicts.map((text, index) => defineModel(`grader-${index}`, () => text));
      const trials = await trialsOf(judge({ ensemble: createEnsemble({ models }) }));
      for (const { score, unscored } of trials) {
        expect(score).toBeUndefined();
        expect(unscored).toContain('without a strict majority, the jury (yes: 1, no: 1, neither: 1)');
      }
    }
  });

  it('ends the experiment if it is out of reach, with the trials that are complete', async () => {
    const many = Array.from({ length: 50 }, (_, n) => ({
      id: `${n}`,
      question: `Question ${n}?`,
      expected: 'x',
    }));
    let calls = 0;
    const model = defineModel('judge', () => {
      throw new AuthenticationError('judge', 'the key is wrong', { status: 401 });
    });
    const panel = {
      models: [
        defineModel('m', () => {
          calls += 1;
          return 'y';
        }),
      ],
    };
    const trials: Trial[] = [];
    const run = async () => {
      const scorer = judge({ ensemble: createEnsemble({ models: [model] }) });
      const running = runExperiment({ dataset: many, conditions: { panel }, scorer, concurrency: 1 });
      for await (const trial of running) trials.push(trial);
    };
    await expect(run()).rejects.toThrow(ModelUnavailableError);
    expect(trials).toHaveLength(3);
    expect(calls).toBeLessThan(6);
  });
});

describe('a scorer that throws anything else', () => {
  it.each([
    [
      'an error of its own',
      () => {
        throw new TypeError('oh');
      },
    ],
    ['no score', () => 7],
  ] as [string, Scorer][])('ends the experiment: %s', async (_, scorer) => {
    await expect(trialsOf(scorer)).rejects.toThrow(UserCodeError);
  });

  it('reports the calls that were made until then, with their cost', async () => {
    const models = [defineModel('m', () => ({ text: 'y', costUsd: 0.25 }))];
    let progress: ExperimentProgress | undefined;
    const scorer: Scorer = (_, { id }) => {
      if (id === '2') throw new TypeError('oh');
      return true;
    };
    const run = trialsOf(scorer, {
      conditions: { panel: { models } },
      onProgress: (latest: ExperimentProgress) => {
        progress = latest;
      },
    });
    await expect(run).rejects.toThrow(UserCodeError);
    expect(progress).toMatchObject({ questions: 1, calls: 2, spentUsd: 0.5 });
  });

  it('ends it if the question for the judge cannot be built', async () => {
    const ensemble = createEnsemble({ models: [puzzled().model] });
    const ask = () => {
      throw new TypeError('oh');
    };
    await expect(trialsOf(judge({ ensemble, ask }))).rejects.toThrow(
      'the scorer, at question "1", threw TypeError',
    );
  });

  it('ends it if a verdict cannot be recorded', async () => {
    const journal = {
      ...memoryJournal(),
      append: () => {
        throw new Error('the disk is full');
      },
    };
    const ensemble = createEnsemble({ models: [journaled({ journal })(puzzled().model)] });
    await expect(trialsOf(judge({ ensemble }))).rejects.toThrow(UserCodeError);
  });
});
