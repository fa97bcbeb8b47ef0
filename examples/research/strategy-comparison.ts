// Every execution with every voting strategy, on the same calls.
import { matrix, runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { recording, simulation } from './evidence.ts';

const { basis, dataset, models, normalization } =
  (await recording()) ?? simulation({ shared: 0.3, questions: 300 });
const conditions = matrix({
  models: [models],
  execution: ['parallel', 'sequential', 'hedged', 'cascade'],
  strategy: ['majority', 'weighted', 'bestConfidence', 'unanimous'],
  normalization: [normalization],
  minResponses: [1],
});
const card = await scorecard(runExperiment({ dataset, conditions }), { normalization });

console.log(`Strategies compared. ${basis}`);
console.log('condition                    right   of those answered    calls   median');
for (const { condition, accuracy, precision, calls, latencyQuantilesMs } of card.conditions) {
  const right = `${(100 * (accuracy?.value ?? 0)).toFixed(1)} %`.padStart(8);
  const precise = `${(100 * (precision?.value ?? 0)).toFixed(1)} %`.padStart(16);
  const median = `${((latencyQuantilesMs[50] ?? 0) / 1000).toFixed(2)} s`.padStart(10);
  console.log(
    `${condition.padEnd(26)}${right}${precise}${(calls.perQuestion ?? 0).toFixed(2).padStart(12)}${median}`,
  );
}
console.log(`Accuracy and cost: nothing beats ${card.pareto.costAccuracy.join('; ')}.`);
console.log('No confidence was recorded: a weighted vote is a majority then, and a cascade asks everybody.');
