/**
 * Changes the sources in small ways, one at a time (mutants), and counts for how many of them a test fails. Prints the
 * mutants that survive and a score for each file, and fails if a file has less than 90 %.
 *
 * `npm run check:mutants` takes the rooms or files to mutate as arguments; the default is what decides about answers and
 * money. Installs Stryker into `temp/` on the first run, so that it is no dependency of the project.
 * Takes more than an hour; a file takes minutes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '10.1.1';
const FLOOR = 90;
const TOOLS = 'temp/mutation-testing';
const REPORT = 'temp/mutants.json';

/** What is mutated if there are no arguments. */
const DEFAULT = [
  'src/strategies/voting',
  // Budgets and caps.
  'src/policies/budget.ts',
  'src/policies/budgeted-call.ts',
  'src/policies/cap-ledger.ts',
  'src/policies/reserved-in.ts',
  'src/policies/spending-cap.ts',
  // The cache.
  'src/policies/cache.ts',
  'src/policies/cache-store.ts',
  'src/policies/paid-for.ts',
  'src/policies/request-key.ts',
  'src/policies/shared-calls.ts',
  // The ledger.
  'src/domain/cost.ts',
  'src/engine/account.ts',
  // The journal.
  'src/experiment/journal',
  'src/node/journal',
];

/** The tests that see every room. */
const GENERAL = [
  'test/contracts/*.test.ts',
  'test/engine/configuration.test.ts',
  'test/engine/user-code.test.ts',
  'test/operators/elect.test.ts',
];

interface Mutant {
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status:
    | 'Killed'
    | 'Timeout'
    | 'Survived'
    | 'NoCoverage'
    | 'Ignored'
    | 'CompileError'
    | 'RuntimeError';
  readonly location: { readonly start: { readonly line: number } };
}

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): number =>
  spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1;

const install = (): void => {
  if (existsSync(join(TOOLS, 'node_modules/@stryker-mutator/vitest-runner'))) return;
  mkdirSync(TOOLS, { recursive: true });
  writeFileSync(join(TOOLS, 'package.json'), '{ "private": true }\n');
  // Without peers, so that its vitest is that of the project.
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${VERSION}`);
  const status = run('npm', ['install', '--prefix', TOOLS, '--legacy-peer-deps', '--no-audit', ...packages]);
  if (status !== 0) process.exit(status);
};

const isFile = (path: string): boolean => statSync(path).isFile();

/** The room of tests for a room or file of sources. */
const testsOf = (path: string): string => {
  const room = (isFile(path) ? join(path, '..') : path).replace(/^src/, 'test');
  return `${room}/**/*.test.ts`;
};

const scoreOf = (mutants: readonly Mutant[]): { readonly killed: number; readonly all: number } => ({
  killed: mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length,
  all: mutants.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status))
    .length,
});

const printSurvivors = (file: string, mutants: readonly Mutant[]): void => {
  for (const { status, location, mutatorName, replacement } of mutants) {
    if (status !== 'Survived' && status !== 'NoCoverage') continue;
    const change = replacement.replaceAll(/\s+/g, ' ').slice(0, 90);
    console.log(`${file}:${location.start.line} ${status}: ${mutatorName} → ${change}`);
  }
};

const named = process.argv.slice(2);
const paths = named.length > 0 ? named : DEFAULT;
install();
const sources = paths.flatMap((path) => (isFile(path) ? [path] : globSync(`${path}/**/*.ts`)));
const tests = [...new Set([...paths.map(testsOf), ...GENERAL])].join(',');
const stryker = join(TOOLS, 'node_modules/@stryker-mutator/core/bin/stryker.js');
rmSync(REPORT, { force: true });
run(process.execPath, [stryker, 'run', 'stryker.config.json', '--mutate', sources.join(',')], {
  ...process.env,
  MUTANT_TESTS: tests,
});

const { files } = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
for (const [file, { mutants }] of Object.entries(files)) printSurvivors(file, mutants);
console.log('\nkilled / mutants   score   file');
for (const [file, { mutants }] of Object.entries(files)) {
  const { killed, all } = scoreOf(mutants);
  const score = all === 0 ? 100 : (100 * killed) / all;
  const count = `${killed} / ${all}`.padStart(16);
  console.log(
    `${count}   ${score.toFixed(1).padStart(5)}   ${file}${score < FLOOR ? `   below ${FLOOR}` : ''}`,
  );
  if (score < FLOOR) process.exitCode = 1;
}
