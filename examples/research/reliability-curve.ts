// How reliability grows with the size of the panel, beside what it would be if errors were independent.
import { labelledBallots, reliabilityCurve } from 'crucible-ensemble/experiment';
import { type Evidence, recording, simulation } from './evidence.ts';

const show = async ({ basis, dataset, models, normalization }: Evidence, skip: number): Promise<void> => {
  const ballots = await Array.fromAsync(labelledBallots(dataset, { normalization }));
  const ids = models.slice(skip).map(({ id }) => id);
  const { points } = reliabilityCurve(ballots, { models: ids, maxPanels: 60 });
  console.log(`\n${basis}\nmembers   on average   best panel   if independent`);
  for (const { size, accuracy, best, ifIndependent } of points) {
    const cells = [accuracy?.value ?? Number.NaN, best.accuracy, ifIndependent];
    console.log(
      `${size}`.padStart(7) + cells.map((share) => `${(100 * share).toFixed(1)} %`.padStart(13)).join(''),
    );
  }
};

console.log('Reliability over the size of a panel');
await show(simulation({ questions: 1500 }), 1);
await show(simulation({ questions: 1500, shared: 0.4 }), 1);
const real = await recording();
if (real !== undefined) await show(real, 0);
console.log('\nErrors in common, not the number of members, decide how far voting goes.');
