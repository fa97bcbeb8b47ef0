import { describe, expect, it } from 'vitest';
import {
  type ExperimentProgress,
  memoryJournal,
  recordedModel,
  runExperiment,
  type Trial,
} from '../../src/experiment/experiment.ts';
import { defineModel, type EnsembleOptions, ModelError, type Pricing } from '../../src/index.ts';
import type { RecordedResponse } from '../../src/models/replay.ts';
import { formatCost } from '../../src/rendering/amounts.ts';

const answers = (...costs: readonly (number | undefined)[]): RecordedResponse[] =>
  costs.map((costUsd, index) => ({
    model: 'abcdef'[index] as string,
    text: '4',
    tokensOut: 10,
    latencyMs: 100 * (index + 1),
    ...(costUsd !== undefined && { costUsd }),
  }));

const run = async (
  responses: readonly RecordedResponse[],
  options: Partial<EnsembleOptions>,
): Promise<Trial> => {
  const models = responses.map(({ model }) => recordedModel(model));
  const [trial] = await Array.fromAsync(
    runExperiment({
      dataset: [{ id: '1', question: 'What is 2 + 2?', expected: '4', responses }],
      conditions: { one: { models, minResponses: 1, ...options } },
    }),
  );
  return trial as Trial;
};

const metadataOf = ({ result }: Trial) => {
  if (!('metadata' in result)) throw result;
  const { costUsd, costSource, maxCostUsd, cancelled } = result.metadata;
  return { costUsd, costSource, maxCostUsd, cancelled, shown: formatCost(result.metadata) };
};

/** A token of the question or of an answer costs 0.001 USD; the question has 10 tokens. */
const pricing: Pricing = {
  priceOf: (_, { inputTokens = 0, outputTokens = 0 }) => ({ usd: (inputTokens + outputTokens) / 1000 }),
  countTokens: (text) => (text === '' ? 0 : 10),
};

describe('the cost of a call that a condition aborts', () => {
  const decided = { earlyStop: 'decided' as const };

  it('is at most its recorded price', async () => {
    expect(metadataOf(await run(answers(0.1, 0.2, 0.4), decided))).toStrictEqual({
      costUsd: expect.closeTo(0.3, 9),
      costSource: 'partial',
      maxCostUsd: expect.closeTo(0.7, 9),
      cancelled: 1,
      shown: '$0.30–$0.70',
    });
  });

  it('has no upper bound if the price of one of several is not recorded', async () => {
    const trial = await run(answers(0.1, 0.2, 0.4, undefined, 0.5), { earlyStop: 'decided' });
    expect(metadataOf(trial)).toStrictEqual({
      costUsd: expect.closeTo(0.7, 9),
      costSource: 'partial',
      maxCostUsd: undefined,
      cancelled: 2,
      shown: '≥$0.70',
    });
  });

  it('may be nothing, also if tokens have a price', async () => {
    // Without a usage, an answer is priced by its text.
    const responses = answers(undefined, undefined, undefined);
    const trial = await run(responses, { ...decided, pricing });
    expect(metadataOf(trial)).toStrictEqual({
      costUsd: expect.closeTo(0.02 + 0.02, 9),
      costSource: 'partial',
      maxCostUsd: expect.closeTo(0.06, 9),
      cancelled: 1,
      shown: '$0.04–$0.06',
    });
  });

  it('has bounds too if it timed out in the condition', async () => {
    const trial = await run(answers(0.1, 0.2, 0.4), { timeoutMs: 250 });
    expect(metadataOf(trial)).toMatchObject({ maxCostUsd: expect.closeTo(0.7, 9), shown: '$0.30–$0.70' });
  });

  it('is exact if nothing is aborted', async () => {
    expect(metadataOf(await run(answers(0.1, 0.2, 0.4), {}))).toStrictEqual({
      costUsd: expect.closeTo(0.7, 9),
      costSource: 'reported',
      maxCostUsd: undefined,
      cancelled: 0,
      shown: '$0.70',
    });
  });

  it.each(['parallel', 'sequential', 'hedged', 'cascade'] as const)(
    'lies with %s between what ended and what was recorded',
    async (execution) => {
      const { costUsd = 0, maxCostUsd = costUsd } = metadataOf(
        await run(answers(0.1, 0.2, 0.4), { execution }),
      );
      expect(costUsd).toBeGreaterThan(0);
      expect(maxCostUsd).toBeGreaterThanOrEqual(costUsd);
      expect(maxCostUsd).toBeLessThanOrEqual(0.7 + 1e-9);
    },
  );
});

describe('the account of an experiment', () => {
  it('says whether what was spent and reused leaves out calls', async () => {
    const journal = memoryJournal();
    const model = defineModel('m', (question) => {
      if (question === 'b') throw new ModelError('m', 'cut');
      return question === 'c' ? '4' : { text: '4', costUsd: 0.1 };
    });
    const account = async (...questions: string[]): Promise<string[]> => {
      const told: ExperimentProgress[] = [];
      const trials = runExperiment({
        dataset: questions.map((question) => ({ id: question, question })),
        conditions: { one: { models: [model], minResponses: 1 } },
        journal,
        onProgress: (progress) => told.push(progress),
      });
      await Array.fromAsync(trials);
      const { spentUsd, spentSource, recordedUsd, recordedSource } = told.at(-1) as ExperimentProgress;
      return [
        formatCost({ costUsd: spentUsd, costSource: spentSource }),
        formatCost({ costUsd: recordedUsd, costSource: recordedSource }),
      ];
    };
    expect(await account('a')).toStrictEqual(['$0.10', '–']);
    expect(await account('a', 'd')).toStrictEqual(['$0.10', '$0.10']);
    expect(await account('b')).toStrictEqual(['–', '–']);
    expect(await account('b', 'e')).toStrictEqual(['≥$0.10', '–']);
    expect(await account('c')).toStrictEqual(['–', '–']);
    expect(await account('a', 'c')).toStrictEqual(['–', '≥$0.10']);
  });
});
