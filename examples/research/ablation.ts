// Ablation: what does each part of a panel add? One part is taken away or exchanged at a time.
import { type ConditionComparison, runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { recording, simulation } from './evidence.ts';

const { basis, dataset, models, normalization } =
  (await recording()) ?? simulation({ shared: 0.3, questions: 500 });
const whole = { models, normalization, minResponses: 1, earlyStop: 'decided' } as const;
const conditions: Parameters<typeof runExperiment>[0]['conditions'] = {
  whole,
  ...Object.fromEntries(
    models.map(({ id }) => [
      `without ${id}`,
      { ...whole, models: models.filter((model) => model.id !== id) },
    ]),
  ),
  'without early stop': { ...whole, earlyStop: false },
  'one after the other': { ...whole, execution: 'sequential', earlyStop: false },
  'first only': { ...whole, models: models.slice(0, 1) },
};
const card = await scorecard(runExperiment({ dataset, conditions }), { baseline: 'whole', normalization });

const points = (difference = Number.NaN) =>
  `${difference >= 0 ? '+' : ''}${(100 * difference).toFixed(1)} pp`;
/** Cancelled calls cost between nothing and their recorded price, so that most ratios are ranges. */
const ratio = ({ costRatio, costRatioBounds }: Pick<ConditionComparison, 'costRatio' | 'costRatioBounds'>) =>
  costRatio?.toFixed(2) ??
  (costRatioBounds && `${costRatioBounds.low.toFixed(2)}–${costRatioBounds.high.toFixed(2)}`) ??
  '?';
console.log(`Ablation. ${basis}`);
console.log(`whole: ${(100 * (card.conditions[0]?.accuracy?.value ?? 0)).toFixed(1)} % right`);
for (const { second, difference, adjustedPValue, latencyRatio, ...cost } of card.comparisons) {
  const effect =
    adjustedPValue < 0.05 ? points(difference?.value) : `${points(difference?.value)} (may be chance)`;
  console.log(
    `${second.padEnd(34)}${effect.padEnd(26)} cost × ${ratio(cost)}  latency × ${latencyRatio?.toFixed(2) ?? '?'}`,
  );
}
