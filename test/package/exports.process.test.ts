import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

// Reads the built package: `npm run build` first (`npm run test:rest` does).

const root = fileURLToPath(new URL('../..', import.meta.url));

const targetsOf = (entry: string | Record<string, string>): string[] =>
  typeof entry === 'string' ? [entry] : Object.values(entry);

const targets = Object.values<string | Record<string, string>>(manifest.exports).flatMap(targetsOf);

describe('the published package', () => {
  it.each([...targets, ...Object.values(manifest.bin)])('contains %s', (target) => {
    expect(existsSync(new URL(target, `file://${root}`)), `${target} is not built`).toBe(true);
  });

  it('exports every public entry: each index.ts under src', () => {
    const entries = globSync('src/**/index.ts', { cwd: root });
    const built = entries.map((path) => path.replace(/^src/, './dist').replace(/\.ts$/, '.js'));
    expect(built).not.toHaveLength(0);
    expect(targets).toEqual(expect.arrayContaining(built));
  });

  it('gives types beside every module of the compiler', () => {
    const modules = targets.filter((target) => target.endsWith('.js') && !target.includes('/bundle/'));
    expect(targets).toEqual(expect.arrayContaining(modules.map((path) => path.replace(/\.js$/, '.d.ts'))));
  });

  it('has the same names when Node imports its entries by name as their sources have', async () => {
    const entries = Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
      typeof entry === 'string'
        ? []
        : [
            {
              name: manifest.name + subpath.slice(1),
              source: entry.default.replace('./dist/', '').replace(/js$/, 'ts'),
            },
          ],
    );
    const program = `
      const names = ${JSON.stringify(entries.map(({ name }) => name))};
      const modules = await Promise.all(names.map((name) => import(name)));
      console.log(JSON.stringify(modules.map((module) => Object.keys(module))));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
    const built = JSON.parse(output.toString()) as readonly string[][];
    for (const [index, { source }] of entries.entries()) {
      const module: object = await import(/* @vite-ignore */ `${root}src/${source}`);
      expect(built[index], source).toEqual(Object.keys(module).toSorted());
    }
  });

  it('has each class and each table once for all entries that Node imports', () => {
    const program = `
      const { ConfigError, createEnsemble, defineModel } = await import('crucible-ensemble');
      const { createEnsemble: ofValues } = await import('crucible-ensemble/values');
      const { retry } = await import('crucible-ensemble/policies');
      const { jsonSchema } = await import('crucible-ensemble/json-schema');
      const isOne = [() => createEnsemble(), () => ofValues(), () => retry({ times: 1 })].map((wrong) => {
        try { return wrong(); } catch (error) { return error instanceof ConfigError; }
      });
      const schema = { type: 'object', properties: { n: { type: 'number' } } };
      const sent = [];
      const model = {
        id: 'a',
        call: (request) => (sent.push(request.answerSchema), defineModel('b', () => '{"n": 1}').call(request)),
      };
      await ofValues({ models: [model], normalization: jsonSchema(schema) }).predict('?');
      console.log(JSON.stringify({ isOne, sent }));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
    expect(JSON.parse(output.toString())).toEqual({
      isOne: [true, true, true],
      sent: [{ type: 'object', properties: { n: { type: 'number' } } }],
    });
  });

  it('has few files for Node to import: a few for the public core rather than hundreds', () => {
    const found = new Set(['index.js']);
    for (const file of found) {
      const code = readFileSync(`${root}dist/bundle/${file}`, 'utf8');
      for (const [, imported = ''] of code.matchAll(/^(?:.*from|import) "\.\/([^"]+)";$/gm))
        found.add(imported);
    }
    expect(found.size).toBeGreaterThan(1);
    expect(found.size).toBeLessThan(25);
  });

  it('imports only what users install: Node, its dependencies and its peers', () => {
    const { name: own, dependencies, peerDependencies } = manifest;
    const installed = [own, ...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    const imported = globSync('dist/**/*.{js,d.ts}', { cwd: root }).flatMap((path) =>
      [
        ...readFileSync(`${root}${path}`, 'utf8').matchAll(
          /^(?:import|export)\b[^;'"]*?\bfrom ["']([^."'][^"']*)["']/gm,
        ),
      ].map(([, name = '']) => ({ path, name })),
    );
    expect(imported.length).toBeGreaterThan(100);
    expect(
      imported.filter(
        ({ name }) =>
          !name.startsWith('node:') && !installed.some((one) => name === one || name.startsWith(`${one}/`)),
      ),
    ).toEqual([]);
  });

  it('has the licence of each package whose code is in the file of the charts', () => {
    const licences = readFileSync(`${root}dist/report/charting.licences.txt`, 'utf8');
    for (const name of ['d3-array', 'd3-format', 'd3-scale'])
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.`, 'm'));
    expect(
      licences.match(/THE SOFTWARE IS PROVIDED|THIS SOFTWARE IS PROVIDED/g)?.length,
    ).toBeGreaterThanOrEqual(5);
  });

  it('has a command that may be started, also from a clone that was built again', () => {
    expect(() => accessSync(`${root}${manifest.bin['crucible-ensemble']}`, constants.X_OK)).not.toThrow();
  });

  it('starts its command with a line that finds node', () => {
    for (const path of Object.values(manifest.bin)) {
      expect(readFileSync(new URL(path, `file://${root}`), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });
});
