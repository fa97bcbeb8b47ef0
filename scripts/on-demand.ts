/**
 * Packages that are installed when a script or a test asks for them, into folders of their own in `temp/`, so that `npm ci` of
 * the project stays short.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A folder with installed packages. */
export interface InstalledFolder {
  readonly url: URL;
  /** Imports a module as a file in the folder would. */
  load<Module>(name: string): Promise<Module>;
  /** The path of a program of a package. */
  bin(name: string): string;
}

interface OnDemandOptions {
  /** The folder's name in `temp/`. */
  readonly name: string;
  /** Versions by package. */
  readonly packages: Readonly<Record<string, string>>;
  /** The packages that may run scripts when they are installed, because they download their program. */
  readonly scripted?: readonly string[];
  /** Whether the folder also has this package as users get it: packed. Needs a build. Default `false`. */
  readonly packed?: boolean;
  /**
   * Whether the folder is outside this project, in the system's folder for temporary files. Bundlers that read the `paths` of an
   * outer tsconfig.json would take `src` in place of what is installed. Default `false`.
   */
  readonly outside?: boolean;
}

const root = new URL('../', import.meta.url);
/** The folder of packages that are installed outside this project, with the path of the project in its name. */
const outer = pathToFileURL(
  join(tmpdir(), `crucible-ensemble${fileURLToPath(root).replaceAll(/\W+/g, '-')}`, '/'),
);
const QUIET = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];

const npm = (cwd: URL, ...args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync('npm', args, {
    cwd: fileURLToPath(cwd),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: 600_000,
  });
  return status === 0 ? stdout : undefined;
};

/** Packs this package into a folder. Returns the path of the tarball; its name has a digest, because npm caches by name. */
const pack = (folder: URL): string => {
  const packed = npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', fileURLToPath(folder));
  if (packed === undefined) throw new Error('npm pack failed; is there a build in dist/?');
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const tarball = readFileSync(new URL(filename, folder));
  const digest = createHash('sha256').update(tarball).digest('hex').slice(0, 12);
  const named = new URL(`crucible-ensemble-${digest}.tgz`, folder);
  writeFileSync(named, tarball);
  return fileURLToPath(named);
};

/** Installs packages, unless they are there. Returns their folder, or `undefined` if the registry cannot be reached. */
export const onDemand = (options: OnDemandOptions): InstalledFolder | undefined => {
  const { name, packages, scripted = [], packed = false, outside = false } = options;
  const url = outside ? new URL(`${name}/`, outer) : new URL(`temp/${name}/`, root);
  mkdirSync(url, { recursive: true });
  const wanted = JSON.stringify({
    private: true,
    type: 'module',
    dependencies: packed ? { ...packages, 'crucible-ensemble': `file:${pack(url)}` } : packages,
    allowScripts: Object.fromEntries(scripted.map((script) => [script, true])),
  });
  const loader = new URL('load.mjs', url);
  const mark = new URL('installed.json', url);
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    writeFileSync(new URL('package.json', url), wanted);
    // A module that stands in the folder finds what is installed there.
    writeFileSync(loader, 'export const load = (name) => import(name);\n');
    if (npm(url, 'install', ...QUIET) === undefined) return undefined;
    writeFileSync(mark, wanted);
  }
  return {
    url,
    bin: (program) => fileURLToPath(new URL(`node_modules/.bin/${program}`, url)),
    load: async <Module>(module: string) => {
      const { load } = (await import(loader.href)) as { load: (module: string) => Promise<Module> };
      return load(module);
    },
  };
};

/** Installs packages, as `onDemand` does. Throws if they cannot be installed. */
export const installed = (options: OnDemandOptions): InstalledFolder => {
  const folder = onDemand(options);
  if (folder === undefined) throw new Error(`${options.name} could not be installed; is there a network?`);
  return folder;
};
