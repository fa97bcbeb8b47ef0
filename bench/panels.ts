/**
 * What a member of a panel costs as the panel grows: CPU time for each member, of creating an ensemble and of one
 * prediction. Ends with 1 if a member of the largest panel costs more than a bar times one of the smallest: if anything is
 * quadratic, it is 16 times.
 */
import { createEnsemble, defineModel, type EnsembleOptions, weighted } from '../src/index.ts';

const SIZES = [2500, 10_000, 40_000] as const;
const MOST = 2.5;

const named = (size: number, prefix: string): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length: size }, (_, index) => [`${prefix}-${index}`, 1 + (index % 3)]));

const rows: Readonly<Record<string, (size: number) => Partial<EnsembleOptions>>> = {
  'all defaults': () => ({}),
  decided: () => ({ earlyStop: 'decided' }),
  sequential: () => ({ execution: 'sequential' }),
  'with a weight each': (size) => ({ strategy: weighted({ weights: named(size, 'model') }) }),
  'with a wrong weight each': (size) => ({ strategy: weighted({ weights: named(size, 'another') }) }),
  'a function of the votes': () => ({
    strategy: (votes) => ({ answer: votes[0]?.answer, consensus: 1, votes: {} }),
  }),
  policies: () => ({ retry: true, circuitBreaker: true, concurrency: 100 }),
};

const cpuMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The CPU time of creating an ensemble and of one prediction, for each member, in microseconds. */
const measured = async (size: number, options: Partial<EnsembleOptions>): Promise<readonly number[]> => {
  const models = Array.from({ length: size }, (_, index) =>
    defineModel(`model-${index}`, async () => `answer ${index % 7}`),
  );
  const begun = cpuMicros();
  try {
    const ensemble = createEnsemble({ models, timeoutMs: Number.POSITIVE_INFINITY, ...options });
    const created = cpuMicros();
    await ensemble.predict('?');
    return [(created - begun) / size, (cpuMicros() - created) / size];
  } catch {
    // A panel with wrong weights is refused.
    return [(cpuMicros() - begun) / size, 0];
  }
};

// Warms the code up, and again with the largest size, whose panel takes the heap to its size.
for (const size of [...SIZES, SIZES[2]])
  for (const row of Object.values(rows)) await measured(size, row(size));
console.log(
  `µs for each member, to create and to predict: panels of ${SIZES.join(', ')}; the ratio of the sums`,
);
for (const [name, row] of Object.entries(rows)) {
  const figures: (readonly number[])[] = [];
  for (const size of SIZES) {
    // The least of several, because collecting garbage comes on top at random.
    const runs: (readonly number[])[] = [];
    for (let run = 0; run < 3; run += 1) runs.push(await measured(size, row(size)));
    figures.push([0, 1].map((part) => Math.min(...runs.map((each) => each[part] ?? 0))));
  }
  const sums = figures.map(([create = 0, predict = 0]) => create + predict);
  const ratio = (sums.at(-1) ?? 0) / (sums[0] ?? 1);
  const cells = figures.map((each) => each.map((micros) => micros.toFixed(2).padStart(6)).join(' '));
  console.log(`${cells.join('  | ')}  | ${ratio.toFixed(2)}  ${name}${ratio <= MOST ? '' : '   missed'}`);
  if (!(ratio <= MOST)) process.exitCode = 1;
}
