import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('../../temp/mcp/', import.meta.url));
const packages = [
  '@modelcontextprotocol/server@2',
  '@modelcontextprotocol/client@2',
  '@modelcontextprotocol/sdk@1',
];

/** Installs the SDKs of MCP into a folder of their own. Returns whether they are there: without a network they are not. */
export const installMcp = async (): Promise<boolean> => {
  const isInstalled = packages.every((name) =>
    existsSync(`${folder}node_modules/${name.replace(/@\d$/, '')}`),
  );
  if (isInstalled) return true;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}package.json`, JSON.stringify({ private: true, type: 'module' }));
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...packages], {
      cwd: folder,
      timeout: 120_000,
    });
    return true;
  } catch {
    return false;
  }
};

/** Imports a module of the folder. Its types are not those of the project, which does not install it. */
// biome-ignore lint/suspicious/noExplicitAny: the package is not a dependency of the project
export const importInstalled = async (name: string): Promise<any> =>
  import(pathToFileURL(createRequire(folder).resolve(name)).href);

/** The folder that the packages are in. */
export const installedFolder = folder;
