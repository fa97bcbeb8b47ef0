/**
 * Puts the packed package into a fresh project of each tool that people build and test with: installs, builds, and makes one
 * prediction with each program. Prints a table with the sizes of the bundles, and fails if a project fails.
 *
 * `npm run check:consumers` checks all of `scripts/consumers`, each in a temporary folder of its own; `-- vite bun` checks those
 * whose names begin like this, and `-- --write` writes the table of docs/runtimes.md. Needs a build, and the npm registry once.
 * Takes twenty minutes.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { markdownTable } from 'markdown-table';
import manifest from '../package.json' with { type: 'json' };
import { type Consumer, consumers, PROGRAMS, shown } from './consumers/consumers.ts';
import { installed } from './on-demand.ts';

const PAGE = new URL('../docs/runtimes.md', import.meta.url);
const programs = Object.keys(PROGRAMS);
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

/** Writes the files of a project, without what a run before has built. */
const writeFiles = (folder: string, files: Consumer['files']): void => {
  rmSync(`${folder}out`, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(`${folder}${path}`), { recursive: true });
    writeFileSync(`${folder}${path}`, text);
  }
};

/** Runs a command in a project. Returns what it printed. */
const run = (folder: string, [program = '', ...args]: readonly string[]): string => {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 300_000,
    env: {
      ...process.env,
      PATH: `${folder}node_modules/.bin:${process.env.PATH}`,
      NO_COLOR: '1',
      NEXT_TELEMETRY_DISABLED: '1',
    },
  });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')}: ${error ?? `${stdout}\n${stderr}`.trim().slice(-2000)}`);
};

/** The compressed size of what a bundler wrote into a folder, in kB. */
const weighed = (folder: string): string => {
  const bytes = globSync(`${folder}/**/*.js`).reduce(
    (sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length,
    0,
  );
  return (bytes / 1000).toFixed(1);
};

const check = (consumer: Consumer): readonly string[] => {
  const { name, packages, scripted = [], files, commands, shows, isBundled = false } = consumer;
  const { rxjs } = manifest.devDependencies;
  const { url } = installed({
    name: `consumer-${name.replaceAll(/\W+/g, '-')}`,
    packages: { rxjs, ...packages },
    scripted,
    packed: true,
    outside: true,
  });
  const folder = fileURLToPath(url);
  writeFiles(folder, files);
  const printed = commands.map((command) => run(folder, command));
  const results = (
    shows === undefined ? printed : globSync(`${folder}${shows}`).map((path) => readFileSync(path, 'utf8'))
  ).join('\n');
  for (const program of programs)
    if (!results.includes(shown(program))) throw new Error(`no ${shown(program)} in ${results.slice(-500)}`);
  return ['yes', ...programs.map((program) => (isBundled ? weighed(`${folder}out/${program}`) : '–'))];
};

const rows: (readonly string[])[] = [
  ['tool', 'predicts', ...Object.values(PROGRAMS).map((title) => `${title}, kB`)],
];
for (const consumer of consumers) {
  if (wanted.length > 0 && !wanted.some((name) => consumer.name.toLowerCase().startsWith(name))) continue;
  try {
    rows.push([consumer.name, ...check(consumer)]);
  } catch (error) {
    process.exitCode = 1;
    rows.push([consumer.name, '**no**', ...programs.map(() => '–')]);
    console.error(`${consumer.name}: ${error instanceof Error ? error.message : error}\n`);
  }
  console.log(rows.at(-1)?.join(' | '));
}
const table = markdownTable(rows, { alignDelimiters: false });
console.log(`\n${table}`);
// A table of some would replace that of all.
if (process.argv.includes('--write') && wanted.length === 0) {
  const page = readFileSync(PAGE, 'utf8');
  writeFileSync(PAGE, page.replace(/(<!-- consumers -->\n)[\s\S]*?(<!-- end -->)/, `$1\n${table}\n\n$2`));
}
