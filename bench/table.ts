/**
 * The whole table of speed: starts each bench of `table/plan.ts` in a process of its own, prints the figures beside the
 * bars, records them in `table/results.json`, and renews `docs/performance.md`. Ends with 1 if a bench fails, or if a bar
 * is missed beyond noise, see `table/judge.ts`. `--quick` takes fewer rounds and no peers, and records nothing;
 * with `--record` it takes one round of the peers, and records the figures.
 * `node bench/table.ts 3` takes three rounds instead of five.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bar, bars, type RowName } from './table/bars.ts';
import { judge } from './table/judge.ts';
import { writePage } from './table/page.ts';
import { plan, type Step } from './table/plan.ts';
import { FIGURES_FILE, type Figures, lineOf } from './table/report.ts';
import { type Results, writeResults } from './table/results.ts';

const isQuick = process.argv.includes('--quick');
const isRecorded = !isQuick || process.argv.includes('--record');
const rounds = process.argv[2] ?? '5';
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const file = join(folder, 'figures.jsonl');

/** Runs a bench, and returns what it measured. What it prints is shown while it runs. */
const run = ({
  script,
  flags = [],
  args = [],
  hasRounds,
  quick = hasRounds ? ['1'] : args,
}: Step): Figures => {
  console.log(`\n── bench/${script}`);
  writeFileSync(file, '');
  const path = join(import.meta.dirname, script);
  spawnSync(
    process.execPath,
    [...flags, path, ...(isQuick ? quick : [...(hasRounds ? [rounds] : []), ...args])],
    {
      stdio: 'inherit',
      env: { ...process.env, [FIGURES_FILE]: file },
    },
  );
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  if (lines.length === 0) process.exitCode = 1;
  return Object.assign({}, ...lines.map((line) => JSON.parse(line)));
};

const steps = plan.filter(({ quick }) => isRecorded || quick !== undefined);
if (steps.some(({ isBuilt }) => isBuilt))
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
const figures: Figures = Object.assign({}, ...steps.map(run));
rmSync(folder, { recursive: true });

console.log('\n── the table');
let group = '';
for (const [name, row] of Object.entries<Bar>(bars) as [RowName, Bar][]) {
  const measured = figures[name] ?? 'not measured';
  if (!isRecorded && figures[name] === undefined) continue;
  if (row.group !== group) console.log(`\n${row.group}`);
  group = row.group;
  console.log(lineOf(name, measured));
  if (typeof measured !== 'string' && judge(row, measured) === 'missed') process.exitCode = 1;
}

if (isRecorded) {
  const results: Results = {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    day: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    figures,
  };
  writeResults(results);
  writePage(results);
}
