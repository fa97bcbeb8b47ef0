/** Questions divided among processes, one for each core: each has its own ensemble and answers its part. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createEnsemble, simulated } from 'crucible-ensemble';

const QUESTIONS = 1000;
const questions = Array.from({ length: QUESTIONS }, (_, index) => `What is ${index} + ${index}?`);

/** The part of a process: every n-th question, from its own on. */
const partOf = (worker: number, workers: number): string[] =>
  questions.filter((_, index) => index % workers === worker);

const work = async (worker: number, workers: number): Promise<void> => {
  const ensemble = createEnsemble({
    models: [1, 2, 3].map((seed) => simulated({ id: `model-${seed}`, seed, accuracy: 0.9, latencyMs: 1 })),
    normalization: 'numeric',
    // Each process counts for itself, so it gets its part of what all share.
    rateLimit: { requestsPerMinute: Math.floor(60_000_000 / workers), burst: 10_000 },
  });
  let agreed = 0;
  let answered = 0;
  const options = { concurrency: 100, onError: 'throw' } as const;
  for await (const { metadata } of ensemble.predictAll(partOf(worker, workers), options)) {
    answered += 1;
    if (metadata.consensus === 1) agreed += 1;
  }
  process.send?.({ answered, agreed });
};

const divide = async (): Promise<void> => {
  const workers = Math.min(4, Math.max(2, availableParallelism()));
  const parts = await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const child = fork(import.meta.filename, [], { env: { ...process.env, PART: `${worker}/${workers}` } });
      const [[part]] = await Promise.all([once(child, 'message'), once(child, 'exit')]);
      return part as { readonly answered: number; readonly agreed: number };
    }),
  );
  const sum = (name: 'answered' | 'agreed'): number => parts.reduce((total, part) => total + part[name], 0);
  console.log(`${workers} processes answered ${sum('answered')} questions`);
  console.log(`all models agreed on ${Math.round((100 * sum('agreed')) / sum('answered'))} %`);
};

const part = process.env.PART?.split('/').map(Number);
if (part === undefined) await divide();
else await work(part[0] ?? 0, part[1] ?? 1);
