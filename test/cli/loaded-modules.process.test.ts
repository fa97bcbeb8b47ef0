import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bin = join(root, 'src/cli/bin.ts');

/** Prints the files that a process has loaded, in place of its output. */
const recorder = (): string => {
  const path = join(temporaryFolder(), 'recorder.mjs');
  writeFileSync(
    path,
    `import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
process.on('exit', () => process.stderr.write(JSON.stringify(loaded)));`,
  );
  return pathToFileURL(path).href;
};

const loadedBy = (argv: readonly string[]): readonly string[] => {
  const { stderr, status } = spawnSync(process.execPath, ['--import', recorder(), bin, ...argv], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, OLLAMA_HOST: 'http://127.0.0.1:9' },
  });
  expect(status).toBe(0);
  const urls: string[] = JSON.parse(stderr.slice(stderr.lastIndexOf('["')));
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url).replace(root, ''));
};

describe('loads only what it shows:', () => {
  it.each([
    [['--help'], []],
    [['predict', '--help'], []],
    [['run', '-h'], []],
    [['help', 'tune'], []],
    [['--version'], []],
    [['completion', 'bash'], ['src/catalog/models.ts']],
    [['completion', 'zsh'], ['src/catalog/models.ts']],
    [['completion', 'fish'], ['src/catalog/models.ts']],
  ])('%j', (argv, beside) => {
    const loaded = loadedBy(argv);
    expect(loaded).toContain('src/cli/commands.ts');
    // Neither the engine nor the checks of options, and no package.
    expect(loaded.filter((path) => !path.startsWith('src/cli/'))).toEqual([
      'src/domain/version.ts',
      ...beside,
    ]);
    expect(loaded.length).toBeLessThanOrEqual(20);
  });

  it('and would notice more', () => {
    const loaded = loadedBy(['models']);
    expect(loaded).toContain('src/catalog/models.ts');
    expect(loaded.some((path) => path.startsWith('node_modules/'))).toBe(true);
  });
});
