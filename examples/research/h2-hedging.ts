// H2: does hedging cut the 99th percentile of latency by more than 25 %?
import { hedged } from 'crucible-ensemble';
import { runExperiment, scorecard } from 'crucible-ensemble/experiment';
import { type Evidence, recording, simulation } from './evidence.ts';

const seconds = (ms = Number.NaN) => `${(ms / 1000).toFixed(2)} s`.padStart(9);

const test = async ({ basis, dataset, models, normalization }: Evidence): Promise<void> => {
  const [first, second] = models.slice(-2);
  if (first === undefined || second === undefined) return;
  const common = { normalization, minResponses: 1 };
  const trials = runExperiment({
    dataset,
    conditions: {
      alone: { models: [first], ...common },
      'after 1 s': {
        models: [first, second],
        execution: hedged({ hedgeDelayMs: 1000, maxHedges: 1 }),
        ...common,
      },
      'learned, 5 % more calls': {
        models: [first, second],
        execution: hedged({ delay: { percentile: 95 }, maxExtraRatio: 0.05, maxHedges: 1 }),
        ...common,
      },
    },
    // One after the other, as the delay is learned.
    concurrency: 1,
  });
  const { conditions } = await scorecard(trials, { normalization });
  const alone = conditions[0]?.latencyQuantilesMs[99] ?? Number.NaN;
  console.log(`\n${basis}\n${first.id}, hedged with ${second.id}`);
  for (const { condition, latencyQuantilesMs: at, calls, questions } of conditions) {
    const extra = `${((100 * calls.made) / questions - 100).toFixed(1)} % more calls`.padStart(18);
    const cut = `p99 ${(100 * ((at[99] ?? 0) / alone - 1)).toFixed(0)} %`;
    console.log(
      `${condition.padEnd(24)}${seconds(at[50])}${seconds(at[95])}${seconds(at[99])}${extra}  ${cut}`,
    );
  }
  const learned = conditions[2]?.latencyQuantilesMs[99] ?? Number.NaN;
  console.log(`H2 (−25 %) is ${learned < 0.75 * alone ? 'supported' : 'refuted'} on these data.`);
};

console.log('H2: hedging cuts p99 by more than 25 % (columns: p50, p95, p99)');
await test(simulation({ questions: 4000, members: 2 }));
const real = await recording();
if (real !== undefined) await test(real);
console.log(
  'Latencies of the two models are independent in the simulation: where they rise together, less is cut.',
);
