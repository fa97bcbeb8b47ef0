// Cost and benefit: what is the best panel for a dollar limit, and what does the next dollar buy?
import { fromPanel, labelledBallots, tune } from 'crucible-ensemble/experiment';
import { recording, simulation } from './evidence.ts';

const { basis, dataset, models, normalization } =
  (await recording()) ?? simulation({ shared: 0.3, questions: 300, members: 3 });
const ballots = await Array.fromAsync(labelledBallots(dataset, { normalization }));
const costs = models.map(({ id }) => dataset[0]?.responses?.find(({ model }) => model === id)?.costUsd);
const isPriced = costs.every((cost) => cost !== undefined);
// Where no costs were recorded, a call is what is counted.
const limits = isPriced
  ? [0.0003, 0.001, 0.02].map((maxCostUsd) => ({ maxCostUsd }))
  : [1, 2, 3].map((maxCalls) => ({ maxCalls }));

console.log(`Cost and benefit. ${basis}`);
for (const limit of limits) {
  const { panel, isAimMet } = tune({ ballots, aim: { maximize: 'accuracy', ...limit }, folds: 3 });
  const { accuracy, costUsd, calls } = panel.expected;
  const cost = costUsd === undefined ? `${calls.value.toFixed(2)} calls` : `$${costUsd.value.toFixed(5)}`;
  // What the panel is, ready to be asked: createEnsemble(fromPanel(panel, { models })).
  const { models: members } = fromPanel(panel, { models });
  const names = Array.isArray(members) ? members.map(({ id }) => id).join(', ') : '';
  console.log(
    `${JSON.stringify(limit).padEnd(22)} ${(100 * accuracy.value).toFixed(1)} % (${(100 * accuracy.low).toFixed(1)} to ${(100 * accuracy.high).toFixed(1)})  ${cost} a question  ${panel.voter.rule}: ${names}${isAimMet ? '' : ' (above the limit: nothing is cheaper)'}`,
  );
}
console.log('Expectations were measured on questions that took no part in the choice.');
