import { expect, it } from 'vitest';
import { memoryJournal, runExperiment } from '../../src/experiment/experiment.ts';
import { byEmbedding, byEquivalence } from '../../src/grouping/grouping.ts';
import { defineModel } from '../../src/index.ts';

const saying = (text: string) => defineModel(text, () => ({ text, costUsd: 0.5 }));

it('each trial of an experiment has the cost of its own calls, and each call is made once', async () => {
  let [compared, embedded] = [0, 0];
  const judge = defineModel('judge', () => {
    compared += 1;
    return { text: 'same', costUsd: 1 };
  });
  const embed = (texts: readonly string[]) => {
    embedded += 1;
    return { embeddings: texts.map(() => [1, 1]), costUsd: 4 };
  };
  const models = ['apple', 'pear'].map(saying);
  const equivalence = { models, grouping: byEquivalence({ judge }) };
  const conditions = {
    equivalence,
    again: equivalence,
    embedding: { models, grouping: byEmbedding({ embed, threshold: 0.5 }) },
  };
  const journal = memoryJournal();
  const dataset = [{ id: '1', question: 'Which fruit?', expected: 'apple' }];
  const costs: string[] = [];
  for (const _ of [1, 2])
    for await (const { condition, result } of runExperiment({ dataset, conditions, journal }))
      costs.push(`${condition} ${'metadata' in result ? result.metadata.costUsd : result}`);
  expect(costs).toEqual([1, 2].flatMap(() => ['equivalence 3', 'again 3', 'embedding 5']));
  expect([compared, embedded]).toEqual([2, 1]);
});
