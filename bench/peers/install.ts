import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../temp/bench-peers/', import.meta.url);
const wanted = readFileSync(new URL('versions.json', import.meta.url), 'utf8');
const installed = new URL('installed.json', folder);
const loader = new URL('load.mjs', folder);

/**
 * Installs the libraries of `versions.json` into a folder of their own, unless they are there, so that `npm ci` of the project
 * stays short. Returns whether they are there: without a network they are not.
 */
export const installPeers = (): boolean => {
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return true;
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('package.json', folder), '{ "private": true }\n');
  // A module that stands in the folder finds what is installed there.
  writeFileSync(loader, 'export const load = (name) => import(name);\n');
  const packages = Object.entries(JSON.parse(wanted)).map(([name, version]) => `${name}@${version}`);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock', '--loglevel=error'];
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', fileURLToPath(folder), ...options, ...packages],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: 300_000,
    },
  );
  if (status !== 0) return false;
  writeFileSync(installed, wanted);
  return true;
};

/** Loads a module of the installed libraries. */
export const peer = async <Module>(name: string): Promise<Module> => {
  const { load } = (await import(loader.href)) as { load: (name: string) => Promise<Module> };
  return load(name);
};
