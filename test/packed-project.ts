import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));

/** A folder as a user has it after installing the packed package. */
export interface PackedProject {
  readonly folder: string;
  /** The folder of the unpacked package. */
  readonly packed: string;
}

/**
 * Creates a project that has the packed package with its dependencies, and the packages `names`; it is removed after
 * the tests of the file. Packs what is built: `npm run build` first (`npm run test:rest` does).
 */
export const packedProject = (names: readonly string[]): PackedProject => {
  const folder = mkdtempSync(join(tmpdir(), 'crucible-ensemble-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const modules = `${folder}/node_modules`;
  const packed = `${modules}/${manifest.name}`;
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString(),
  ) as [{ filename: string }];
  mkdirSync(packed, { recursive: true });
  execFileSync('tar', ['-xzf', `${folder}/${filename}`, '-C', packed, '--strip-components=1']);
  for (const name of [...Object.keys(manifest.dependencies), ...names]) {
    mkdirSync(dirname(`${modules}/${name}`), { recursive: true });
    symlinkSync(`${root}node_modules/${name}`, `${modules}/${name}`);
  }
  mkdirSync(`${modules}/.bin`);
  for (const [name, path] of Object.entries(manifest.bin))
    symlinkSync(join(packed, path), `${modules}/.bin/${name}`);
  writeFileSync(`${folder}/package.json`, JSON.stringify({ type: 'module' }));
  return { folder, packed };
};
