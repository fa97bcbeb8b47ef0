/**
 * What the command line takes to print a text, beside the start of Node itself. Measures the built package, so build first.
 * Rounds are interleaved, and medians are compared, so that a noisy neighbour hits all alike. Fails above the bar.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BAR = 2;
const ROUNDS = 40;

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));
const tasks: Readonly<Record<string, readonly string[]>> = {
  'node -e 0': ['-e', '0'],
  '--help': [bin, '--help'],
  'predict --help': [bin, 'predict', '--help'],
  '--version': [bin, '--version'],
  'completion bash': [bin, 'completion', 'bash'],
};

const timesMs = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, argv] of Object.entries(tasks)) {
    const from = performance.now();
    const { status } = spawnSync(process.execPath, argv);
    if (status !== 0) throw new Error(`${name} ended with ${status}; run npm run build first`);
    timesMs.get(name)?.push(performance.now() - from);
  }
}

const mediansMs = Array.from(
  timesMs,
  ([name, times]) => [name, times.toSorted((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN] as const,
);
const [, base = Number.NaN] = mediansMs[0] ?? [];
console.log('the start of the command line, as a ratio to that of Node');
for (const [name, medianMs] of mediansMs) {
  const isMissed = !(medianMs / base <= BAR);
  if (isMissed) process.exitCode = 1;
  console.log(
    `  ${(medianMs / base).toFixed(2)}  ${name} (${medianMs.toFixed(0)} ms)${isMissed ? `: above ${BAR}` : ''}`,
  );
}
