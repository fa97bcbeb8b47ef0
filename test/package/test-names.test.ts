import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = globSync('test/**/*.test.ts', { cwd: root });

/** Finds the test files of a project that import what tests of this project must not need. */
const importing = (modules: RegExp, isOfProject: (file: string) => boolean): string[] =>
  files
    .filter(isOfProject)
    .filter((file) =>
      [...readFileSync(root + file, 'utf8').matchAll(/^import [^;]*? from '([^']+)';/gms)].some(
        ([statement, path = '']) =>
          !statement.startsWith('import type') && (modules.test(path) || modules.test(statement)),
      ),
    );

it('tests that start processes or a browser say so in their names', () => {
  const isOther = (file: string) => !file.endsWith('.process.test.ts');
  expect(importing(/^(?:node:child_process|node:cluster|playwright-core)$/, isOther)).toEqual([]);
});

it('tests that open sockets say so in their names', () => {
  const isUnit = (file: string) => !/\.(?:process|sockets)\.test\.ts$/.test(file);
  expect(importing(/^(?:node:https?|node:net|@copilotkit\/aimock)$|\bstartFaultServer\b/, isUnit)).toEqual(
    [],
  );
});
