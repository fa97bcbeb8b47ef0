// H4: does a panel cost less than 10 % of the large model, and is right as often?
import { runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { type Evidence, recording, simulation } from './evidence.ts';

const percent = (share = Number.NaN) => `${(100 * share).toFixed(1)} %`;

const test = async ({ basis, dataset, models, normalization }: Evidence): Promise<void> => {
  const ids = models.map(({ id }) => id);
  const costOf = (id: string): number =>
    dataset.reduce(
      (sum, { responses = [] }) => sum + (responses.find(({ model }) => model === id)?.costUsd ?? Number.NaN),
      0,
    );
  // The large model is the dearest.
  const byCost = ids.toSorted((a, b) => costOf(b) - costOf(a));
  const largeId = byCost[0];
  const large = models.filter(({ id }) => id === largeId);
  const small = models.filter(({ id }) => id !== largeId);
  const common = { normalization, minResponses: 1 };
  const conditions: Parameters<typeof runExperiment>[0]['conditions'] = {
    large: { models: large, ...common },
    'small ones': { models: small, earlyStop: 'decided', ...common },
    'two small ones, then the rest': {
      models: [...small.slice(0, 2), ...large],
      execution: 'sequential',
      ...common,
    },
  };
  const card = await scorecard(runExperiment({ dataset, conditions }), { baseline: 'large', normalization });
  console.log(`\n${basis} The large model: ${largeId}.`);
  for (const { condition, accuracy, costUsd } of card.conditions) {
    const share = (costUsd?.value ?? Number.NaN) / (card.conditions[0]?.costUsd?.value ?? Number.NaN);
    console.log(
      `${condition.padEnd(32)}${percent(accuracy?.value).padStart(8)}  ${percent(share).padStart(8)} of its cost`,
    );
  }
  // Not worse by more than two points, as far as the paired difference tells, at a tenth of the cost.
  const supported = card.comparisons.filter(
    ({ costRatio = 1, difference }) => costRatio < 0.1 && (difference?.low ?? -1) > -0.02,
  );
  const names = supported.map(({ second }) => second).join(', ');
  console.log(
    `H4 (< 10 % of the cost) is ${names === '' ? 'refuted' : `supported by: ${names}`} on these data.`,
  );
};

console.log('H4: a panel is no worse than the large model (by 2 points), for less than 10 % of its cost');
await test(simulation());
await test(simulation({ shared: 0.4 }));
const real = await recording();
if (real !== undefined) await test(real);
