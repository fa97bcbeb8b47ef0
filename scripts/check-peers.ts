/**
 * Installs the packed package as a consumer does, with the lowest and the highest published version of each declared
 * range, and on each runtime, and runs the checks of `scripts/consumer` there. Prints a line for each combination, and
 * fails if one fails.
 *
 * `npm run check:peers -- zod bun` checks the combinations of these packages and runtimes only; `-- zod@4.1.0` checks
 * that version. Needs the npm registry. Takes minutes.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import type { PartResult } from './consumer/checks.ts';

/** The part of the consumer for each peer. */
const PEERS: Readonly<Record<keyof typeof manifest.peerDependencies, string>> = {
  '@ai-sdk/provider': 'ai-sdk',
  '@angular/core': 'angular',
  '@anthropic-ai/sdk': 'anthropic',
  '@google/genai': 'google-genai',
  '@google/generative-ai': 'gemini',
  '@langchain/core': 'langchain',
  '@modelcontextprotocol/server': 'mcp',
  '@nestjs/common': 'nest',
  '@opentelemetry/api': 'opentelemetry',
  openai: 'openai',
  rxjs: 'core',
  srvx: 'server',
  zod: 'zod',
};

/** The parts that use the package's own dependencies. */
const OWN = ['core', 'files', 'openai-compatible'];

const PARTS = [...Object.values(PEERS).filter((part) => part !== 'core'), ...OWN, 'keyv'];

interface Runtime {
  /** The package that has the program, with its version. */
  readonly package: string;
  readonly command: readonly string[];
}

const RUNTIMES: readonly Runtime[] = [
  { package: `node@${manifest.engines.node.replace('>=', '')}`, command: ['node'] },
  { package: 'node@24', command: ['node'] },
  { package: 'node@latest', command: ['node'] },
  { package: 'bun@latest', command: ['bun', 'run'] },
  { package: 'deno@latest', command: ['deno', 'run', '--allow-all'] },
];

const TYPESCRIPT = {
  target: 'es2023',
  lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: false,
};

/** The parts whose peer has declarations that do not compile with `exactOptionalPropertyTypes`. */
const INEXACT: ReadonlySet<string> = new Set(['langchain']);

/** The packages and runtimes to check, as the arguments name them. */
const wanted = process.argv.slice(2);

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'check-peers-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Runs a command, and returns what it printed. Its failure has what it printed, too. */
const run = async (cwd: string, command: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    timeout: 600_000,
    maxBuffer: 64 * 2 ** 20,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return stdout;
};

const printedBy = (failure: unknown): string => {
  const { stdout = '', stderr = '' } = failure as { stdout?: string; stderr?: string };
  return stdout.trim() || stderr.trim() || String(failure);
};

/** The published versions of a range, in order. */
const published = async (name: string, range: string): Promise<string[]> => {
  const versions = JSON.parse(await run(root, 'npm', 'view', `${name}@${range}`, 'version', '--json')) as
    | string
    | string[];
  return [versions].flat().toSorted(new Intl.Collator('en', { numeric: true }).compare);
};

/** The lowest and the highest published version of a range. */
const ends = async (name: string, range: string): Promise<string[]> => {
  const versions = await published(name, range);
  const [lowest, highest] = [versions.at(0), versions.at(-1)];
  if (lowest === undefined || highest === undefined) throw new Error(`no version of ${name} is in ${range}`);
  return [...new Set([lowest, highest])];
};

const highestPeers = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(manifest.peerDependencies).map(
        async ([name, range]) => [name, (await ends(name, range)).at(-1)] as const,
      ),
    ),
  ) as Record<string, string>;

let projects = 0;

/** Installs packages into a project of their own, with the consumer in it. */
const createProject = async (
  packages: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Promise<string> => {
  projects += 1;
  const project = join(folder, String(projects));
  mkdirSync(project);
  const allowScripts = { node: true, bun: true, deno: true };
  const contents = { private: true, type: 'module', dependencies: packages, overrides, allowScripts };
  writeFileSync(join(project, 'package.json'), JSON.stringify(contents));
  cpSync(join(root, 'scripts/consumer'), join(project, 'consumer'), { recursive: true });
  // A version that an argument names may be outside of its range.
  const force = wanted.some((filter) => filter.includes('@', 1)) ? ['--force'] : [];
  await run(project, 'npm', 'install', '--no-audit', '--no-fund', '--no-package-lock', ...force);
  return project;
};

const pack = (): string => {
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'ignore' });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root });
  const [{ filename = '' } = {}] = Object.values(JSON.parse(String(packed)) as { filename?: string }[]);
  return join(folder, filename);
};

const checkPart = async (
  project: string,
  part: string,
  command = [process.execPath],
): Promise<PartResult> => {
  const [program = '', ...flags] = command;
  try {
    return JSON.parse(await run(project, program, ...flags, 'consumer/main.ts', part)) as PartResult;
  } catch (failure) {
    const printed = printedBy(failure);
    return printed.startsWith('{"passed"')
      ? (JSON.parse(printed) as PartResult)
      : { passed: 0, failures: [printed] };
  }
};

/** Compiles one part against the declarations of the package and its peers, which are checked too. */
const checkTypes = async (project: string, part: string): Promise<string[]> => {
  const exactOptionalPropertyTypes = !INEXACT.has(part);
  const config = {
    compilerOptions: { ...TYPESCRIPT, exactOptionalPropertyTypes },
    files: [`consumer/${part}.ts`],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
  try {
    await run(project, join(project, 'node_modules/.bin/tsc'), '-p', '.');
    return [];
  } catch (failure) {
    return [`types: ${printedBy(failure)}`];
  }
};

const report = (where: string, part: string, { passed, failures }: PartResult): void => {
  const verdict = failures.length > 0 ? 'FAILS' : 'works';
  console.log(`${where.padEnd(34)}${part.padEnd(20)}${String(passed).padStart(6)}   ${verdict}`);
  for (const failure of failures)
    console.log(failure.split('\n').slice(0, 8).join('\n').replaceAll(/^/gm, '    '));
  if (failures.length > 0) process.exitCode = 1;
};

const wants = (name: string): boolean =>
  wanted.length === 0 || wanted.some((filter) => filter === name || filter.startsWith(`${name}@`));

/** The versions of a package to check: those of the arguments, or the ends of its range. */
const versionsOf = async (name: string, range: string): Promise<string[]> => {
  const named = wanted.flatMap((filter) =>
    filter.startsWith(`${name}@`) ? [filter.slice(name.length + 1)] : [],
  );
  return named.length > 0 ? named : ends(name, range);
};

const tarball = pack();
const base = {
  [manifest.name]: tarball,
  typescript: manifest.devDependencies.typescript,
  '@types/node': manifest.devDependencies['@types/node'],
  // The types of `@ai-sdk/provider` import it, and the package does not depend on it.
  '@types/json-schema': '^7.0.15',
};
const peers = await highestPeers();
console.log(`${'packages, or runtime'.padEnd(34)}${'part'.padEnd(20)}checks`);

for (const [name, range] of Object.entries(manifest.peerDependencies).filter(([name]) => wants(name))) {
  const part = PEERS[name as keyof typeof PEERS];
  for (const version of await versionsOf(name, range)) {
    const project = await createProject({ ...base, rxjs: peers.rxjs ?? '', [name]: version });
    const result = await checkPart(project, part);
    const failures = [...(await checkTypes(project, part)), ...result.failures];
    report(`${name}@${version}`, part, { ...result, failures });
    rmSync(project, { recursive: true });
  }
}

if (wants('dependencies')) {
  for (const [index, end] of ['lowest', 'highest'].entries()) {
    const overrides = Object.fromEntries(
      await Promise.all(
        Object.entries(manifest.dependencies).map(
          async ([name, range]) => [name, (await ends(name, range)).at(-index) ?? ''] as const,
        ),
      ),
    );
    const project = await createProject({ ...base, rxjs: peers.rxjs ?? '' }, overrides);
    for (const part of OWN) report(`dependencies, ${end}`, part, await checkPart(project, part));
    rmSync(project, { recursive: true });
  }
}

for (const { package: runtime, command } of RUNTIMES) {
  const [name = ''] = runtime.split('@');
  if (wanted.length > 0 && !wanted.includes(name) && !wanted.includes(runtime)) continue;
  const [program = '', ...flags] = command;
  const version = runtime.slice(name.length + 1);
  const project = await createProject({
    ...base,
    ...peers,
    keyv: manifest.devDependencies.keyv,
    [name]: version,
  });
  const executable = join(project, 'node_modules/.bin', program);
  const shown = (await run(project, executable, '--version')).split('\n')[0] ?? '';
  const where = shown.startsWith(name) ? shown.replace(/ \(.*/, '') : `${name} ${shown.replace('v', '')}`;
  for (const part of PARTS) report(where, part, await checkPart(project, part, [executable, ...flags]));
  rmSync(project, { recursive: true });
}
