import { type Question, runExperiment, scorecard } from '../../src/experiment/experiment.ts';
import { defineModel, simulated } from '../../src/index.ts';
import type { ReportContent } from '../../src/report/report.ts';
import { hostileTexts } from '../hostile-texts.ts';

const hostile = (index: number): string => hostileTexts[index % hostileTexts.length] ?? '';

/** Returns the report of an experiment with hostile ids, questions, answers, models and conditions. */
export const hostileReport = async (): Promise<ReportContent> => {
  const dataset = Array.from(
    { length: 40 },
    (_, a): Question => ({
      id: `${a} ${hostile(a)}`,
      question: `What is ${a} + 1?`,
      expected: a + 1,
      category: hostile(a % 2),
    }),
  );
  const models = [0, 1, 2, 3].map((index) =>
    simulated({
      id: `model ${index} ${hostile(index)}`,
      accuracy: 0.6 + 0.1 * index,
      latencyMs: 2 + index,
      costUsd: 0.001 * (index + 1),
      confidence: 0.5 + 0.1 * index,
    }),
  );
  const speaker = defineModel(hostile(2), (question) => `${hostile(question.length)}\nThe answer is 7.`);
  const conditions = {
    [`all ${hostile(0)}`]: { models: [...models, speaker], normalization: 'numeric' },
    [hostile(1)]: { models: models.slice(3), normalization: 'numeric' },
    [hostile(3)]: { models: models.slice(0, 3), normalization: 'numeric', earlyStop: 'decided' },
  } as const;
  const trials = runExperiment({ dataset, conditions });
  return {
    title: `Report ${hostile(0)}`,
    basis: hostile(4),
    scorecard: await scorecard(trials, { normalization: 'numeric' }),
  };
};

/** Returns a report with tables as wide as they may be: all columns, many conditions, and names without a place to break. */
export const wideReport = async (): Promise<ReportContent> => {
  const models = ['small', 'medium', 'large'].map((id, index) =>
    simulated({
      id,
      accuracy: 0.6 + 0.15 * index,
      latencyMs: 1234 * (index + 1),
      costUsd: 0.00123 * (index + 1),
    }),
  );
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(
    (letter) => `condition ${letter} of the comparison`,
  );
  const conditions = Object.fromEntries(
    [...names, 'anextraordinarilylongnameofaconditionwithoutaplacetobreak'].map((name, index) => [
      name,
      { models: models.slice(index % 3), normalization: 'numeric' as const },
    ]),
  );
  const dataset = Array.from(
    { length: 30 },
    (_, a): Question => ({
      id: `${a}`,
      question: `What is ${a} + 1?`,
      expected: a + 1,
      category: `${a % 3}`,
    }),
  );
  const results = await scorecard(runExperiment({ dataset, conditions }), { normalization: 'numeric' });
  return {
    title: 'Wide',
    about: { models: 'x'.repeat(300), dataset: 'sums.jsonl' },
    scorecard: {
      ...results,
      // All columns are shown.
      conditions: results.conditions.map((condition) => ({
        ...condition,
        leftOut: { failed: 1234, notRecorded: 0 },
        reduced: 1234,
      })),
    },
  };
};
