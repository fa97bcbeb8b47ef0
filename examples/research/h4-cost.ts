// H4: does a panel cost less than 10 % of the large model, and is right as often?
import { type ConditionComparison, runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { type Evidence, recording, simulation } from './evidence.ts';

const percent = (share = Number.NaN) => `${(100 * share).toFixed(1)} %`;

/** The least and the most that the second condition costs in relation to the first: how much cancelled calls cost is open. */
const shareOf = ({ costRatio, costRatioBounds }: ConditionComparison) =>
  costRatioBounds ?? { low: costRatio ?? 0, high: costRatio ?? Number.POSITIVE_INFINITY };

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
  for (const { condition, accuracy } of card.conditions) {
    const compared = card.comparisons.find(({ second }) => second === condition);
    const { low, high } = compared === undefined ? { low: 1, high: 1 } : shareOf(compared);
    const share = low === high ? percent(low) : `${(100 * low).toFixed(1)}–${percent(high)}`;
    console.log(
      `${condition.padEnd(32)}${percent(accuracy?.value).padStart(8)}  ${share.padStart(12)} of its cost`,
    );
  }
  // Not worse by more than two points, as far as the paired difference tells, at a tenth of the cost.
  const asRight = card.comparisons.filter(({ difference }) => (difference?.low ?? -1) > -0.02);
  const names = (bound: 'low' | 'high') =>
    asRight
      .filter((comparison) => shareOf(comparison)[bound] < 0.1)
      .map(({ second }) => second)
      .join(', ');
  const [possible, sure] = [names('low'), names('high')];
  const verdict =
    sure !== '' ? `supported by: ${sure}` : possible !== '' ? `open for: ${possible}` : 'refuted';
  console.log(`H4 (< 10 % of the cost) is ${verdict} on these data.`);
};

console.log('H4: a panel is no worse than the large model (by 2 points), for less than 10 % of its cost');
await test(simulation());
await test(simulation({ shared: 0.4 }));
const real = await recording();
if (real !== undefined) await test(real);
