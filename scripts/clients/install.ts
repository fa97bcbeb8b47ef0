import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where clients and hosts are installed, so that `npm ci` of the project stays short. */
export const clientsFolder = new URL('../../temp/clients/', import.meta.url);

const wanted = readFileSync(new URL('versions.json', import.meta.url), 'utf8');
const mark = new URL('installed.json', clientsFolder);
const loader = new URL('load.mjs', clientsFolder);

/** The packages of `versions.json`. */
export const versions: Readonly<Record<string, string>> = JSON.parse(wanted);

/** Installs the packages of `versions.json`, unless they are there. */
export const installClients = (): void => {
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return;
  mkdirSync(clientsFolder, { recursive: true });
  const manifest = {
    private: true,
    type: 'module',
    dependencies: versions,
    // They download their program.
    allowScripts: { bun: true, deno: true },
  };
  writeFileSync(new URL('package.json', clientsFolder), JSON.stringify(manifest));
  // A module that stands in the folder finds what is installed there.
  writeFileSync(loader, 'export const load = (name) => import(name);\n');
  const options = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...options], {
    cwd: fileURLToPath(clientsFolder),
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 600_000,
  });
  if (status !== 0) throw new Error('the clients could not be installed; is there a network?');
  writeFileSync(mark, wanted);
};

/** Loads a module of an installed package. */
export const installed = async <Module>(name: string): Promise<Module> => {
  const { load } = (await import(loader.href)) as { load: (name: string) => Promise<Module> };
  return load(name);
};
