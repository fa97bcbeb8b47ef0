/**
 * What the command line takes to print a text, beside the start of Node itself, and what importing the package adds to the CPU
 * time of importing RxJS. Measures the built package, so build first. Rounds are interleaved, and medians are compared, so that
 * a noisy neighbour hits all alike; milliseconds are those of the machine of the bars, see `slowness`. Fails above the bars.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { report } from './table/report.ts';
import { slowness } from './table/slowness.ts';

const BAR = 2;
const ROUNDS = process.argv.includes('--quick') ? 8 : 40;

const bin = fileURLToPath(new URL('../dist/bundle/bin.js', import.meta.url));
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

/** What an import may add to RxJS, in milliseconds of CPU time; `undefined` for what has no bar. */
const imports: Readonly<Record<string, number | undefined>> = {
  rxjs: undefined,
  'crucible-ensemble/core': 40,
  'crucible-ensemble/values': 40,
  'crucible-ensemble': 40,
  'crucible-ensemble/policies': undefined,
  'crucible-ensemble/experiment': undefined,
};

const cpuMs = (name: string): number => {
  const program = `import '${name}'; const { user, system } = process.cpuUsage(); console.log((user + system) / 1000);`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`import '${name}' ended with ${status}; run npm run build first`);
  return Number(stdout);
};

const cpuTimesMs = new Map<string, number[]>(Object.keys(imports).map((name) => [name, []]));
for (let round = 0; round < ROUNDS / 2; round += 1)
  for (const name of Object.keys(imports)) cpuTimesMs.get(name)?.push(cpuMs(name));

const slower = await slowness();
const medianCpuMs = (name: string): number =>
  cpuTimesMs.get(name)?.toSorted((a, b) => a - b)[ROUNDS / 4] ?? Number.NaN;
console.log('\nCPU time of an import, in milliseconds above that of RxJS');
for (const [name, barMs = Number.POSITIVE_INFINITY] of Object.entries(imports)) {
  const addedMs = (medianCpuMs(name) - medianCpuMs('rxjs')) / slower;
  const isMissed = !(addedMs <= barMs);
  if (isMissed) process.exitCode = 1;
  console.log(`  ${addedMs.toFixed(0).padStart(4)}  ${name}${isMissed ? `: above ${barMs}` : ''}`);
}
const bareMs = cpuTimesMs.get('rxjs') ?? [];
report({
  help: [(mediansMs.find(([name]) => name === '--help')?.[1] ?? Number.NaN) / 1000 / slower],
  import: (cpuTimesMs.get('crucible-ensemble') ?? []).map(
    (ms, round) => (ms - (bareMs[round] ?? Number.NaN)) / slower,
  ),
});
