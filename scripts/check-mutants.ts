/**
 * Changes the sources in small ways, one at a time (mutants), and counts for how many of them a test fails. Prints the
 * mutants that survive and a score for each file, one file after the other, and fails if a file has less than 90 %.
 *
 * `npm run check:mutants` takes the rooms or files to mutate as arguments; the default is what decides about answers and
 * money. Installs Stryker into `temp/` on the first run, so that it is no dependency of the project.
 * Takes more than an hour; a file takes minutes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const VERSION = '10.1.1';
const FLOOR = 90;
const TOOLS = 'temp/mutation-testing';
const REPORT = 'temp/mutants.json';
const STRYKER = join(TOOLS, 'node_modules/@stryker-mutator/core/bin/stryker.js');

/** The tests that see how answers are decided. */
const GENERAL = [
  'test/contracts/*.test.ts',
  'test/engine/configuration.test.ts',
  'test/engine/user-code.test.ts',
  'test/operators/elect.test.ts',
];

/** The tests of the journal on a disk in memory. Those that cut and damage it at every byte take too long. */
const ON_DISK = ['test/node/journal/{header,journal-on-disk}.test.ts'];

/** The tests of a budget, without `budget-soak` and `budget-placements`, which take seconds. */
const BUDGET = [
  'test/policies/{budget,budget-attempts,budget-limits,budget-options,budgeted-call,unusable-responses}.test.ts',
];

const CACHE = ['test/policies/{cache,cache-options,shared-calls,shared-listener,response-table}.test.ts'];

const JOURNALED = ['test/experiment/journal/{journaled,journaled-call}.test.ts'];

/**
 * What is mutated if there are no arguments, with its tests. Further tests are those in the same folder that have its name.
 * Every mutant runs all of them that reach it, so they are few and fast.
 */
const DEFAULT: Readonly<Record<string, readonly string[]>> = {
  // Budgets and caps.
  'src/policies/budget.ts': [...BUDGET, 'test/policies/short-forms.test.ts'],
  'src/policies/budgeted-call.ts': BUDGET,
  'src/policies/cap-ledger.ts': BUDGET,
  'src/policies/reserved-in.ts': BUDGET,
  'src/policies/spending-cap.ts': BUDGET,
  // The cache.
  'src/policies/cache.ts': CACHE,
  'src/policies/cache-store.ts': ['test/policies/{cache,cache-options,request-key}.test.ts'],
  'src/policies/paid-for.ts': CACHE,
  'src/policies/request-key.ts': [],
  'src/policies/shared-calls.ts': CACHE,
  // The ledger.
  'src/domain/cost.ts': ['test/domain/cost*.test.ts'],
  'src/engine/account.ts': ['test/engine/ledger.test.ts'],
  // The journal.
  'src/experiment/journal/fingerprint.ts': [],
  'src/experiment/journal/journal-digest.ts': ['test/experiment/journal/digest.test.ts'],
  'src/experiment/journal/journal-key.ts': [],
  'src/experiment/journal/journal-line.ts': ['test/experiment/journal/journaled-entry.test.ts', ...ON_DISK],
  'src/experiment/journal/journaled-call.ts': JOURNALED,
  'src/experiment/journal/journaled-entry.ts': JOURNALED,
  'src/experiment/journal/journaled.ts': JOURNALED,
  'src/experiment/journal/memory-journal.ts': [],
  'src/experiment/journal/plain-copy.ts': [],
  'src/experiment/journal/recorded-model.ts': ['test/experiment/scorecard/scorecard-recorded.test.ts'],
  'src/node/journal/acquire-lock.ts': [],
  'src/node/journal/append-lines.ts': ON_DISK,
  'src/node/journal/entry-index.ts': [],
  'src/node/journal/file-chunks.ts': ON_DISK,
  'src/node/journal/header.ts': ON_DISK,
  'src/node/journal/key-table.ts': [],
  'src/node/journal/line-reader.ts': ON_DISK,
  'src/node/journal/line-sum.ts': ON_DISK,
  // On real files.
  'src/node/journal/node-system.ts': ['test/node/journal/node-system.process.test.ts'],
  'src/node/journal/open-journal.ts': [...ON_DISK, 'test/node/journal/acquire-lock.test.ts'],
  'src/node/journal/parse-line.ts': ON_DISK,
  'src/node/journal/process-start.ts': ['test/node/journal/node-system.process.test.ts'],
  'src/node/journal/read-entry.ts': ON_DISK,
  'src/node/journal/scan-journal.ts': ON_DISK,
  'src/node/journal/split-lines.ts': ON_DISK,
  // What decides.
  ...Object.fromEntries(
    globSync('src/strategies/voting/*.ts').map((file) => [
      file,
      ['test/strategies/voting/*.test.ts', ...GENERAL],
    ]),
  ),
};

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

/** The tests that are run against the mutants of a file. */
const testsOf = (file: string): readonly string[] => {
  const named = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
  const room = `${dirname(named)}/**/!(*.sockets|*.process).test.ts`;
  const ofFile = existsSync(named) ? [named] : [];
  return [...ofFile, ...(DEFAULT[file] ?? (ofFile.length > 0 ? [] : [room]))];
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

/** Mutates a file, and prints the mutants that survive and its score. */
const check = (file: string): void => {
  rmSync(REPORT, { force: true });
  run(process.execPath, [STRYKER, 'run', 'stryker.config.json', '--mutate', file], {
    ...process.env,
    MUTANT_TESTS: JSON.stringify(testsOf(file)),
  });
  if (!existsSync(REPORT)) {
    console.log(`${file}: no result`);
    process.exitCode = 1;
    return;
  }
  const { files } = JSON.parse(readFileSync(REPORT, 'utf8')) as Report;
  const mutants = files[file]?.mutants ?? [];
  printSurvivors(file, mutants);
  const { killed, all } = scoreOf(mutants);
  const score = all === 0 ? 100 : (100 * killed) / all;
  const isBelow = score < FLOOR;
  console.log(
    `${score.toFixed(1).padStart(5)} %  ${killed} of ${all}  ${file}${isBelow ? `  below ${FLOOR} %` : ''}`,
  );
  if (isBelow) process.exitCode = 1;
};

const named = process.argv.slice(2);
install();
const paths = named.length > 0 ? named : Object.keys(DEFAULT);
for (const path of paths) for (const file of isFile(path) ? [path] : globSync(`${path}/**/*.ts`)) check(file);
