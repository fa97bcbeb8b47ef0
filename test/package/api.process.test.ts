import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { type ApiReports, apiReports } from '../../scripts/api-reports.ts';

// Reads the built package: `npm run build` first (`npm run test:rest` does).

const root = fileURLToPath(new URL('../..', import.meta.url));
const patched = 'temp/api-test/dist';

const entries = Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
  typeof entry === 'string' ? [] : [{ name: manifest.name + subpath.slice(1), types: entry.types }],
);

/** Takes one name out of the exports of a module: the last of its last list, or else its first declaration. */
const withoutOneExport = (text: string): string => {
  const shorter = text.replace(
    /^(.*export (?:type )?\{[^}]*?)(?:,\s*)?(?:type )?\w+,?\s*\}(?=[^{}]*$)/s,
    '$1 }',
  );
  return shorter === text ? `${text.replace(/^export declare/m, 'declare')}\nexport {};\n` : shorter;
};

describe('the golden files of the public API', () => {
  let reports: ApiReports;

  beforeAll(() => {
    rmSync(`${root}temp/api-test`, { recursive: true, force: true });
    cpSync(`${root}dist`, root + patched, { recursive: true, filter: (path) => !path.endsWith('.map') });
    for (const { types } of entries) {
      const path = `${root}${patched}/${types.replace('./dist/', '')}`;
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, withoutOneExport(text));
    }
    reports = apiReports({ dist: patched, printsDifferences: false });
  }, 60_000);

  it('exist for every entry of the package', () => {
    expect(reports.entries).toEqual(entries.map(({ name }) => name));
  });

  it.each(entries)('show that an export of $name is gone', ({ name }) => {
    expect(reports.differing).toContain(name);
  });
});
