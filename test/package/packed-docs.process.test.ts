import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { findSnippets } from '../../scripts/snippets.ts';
import { linksOf } from '../markdown-links.ts';

// Packs the built package: `npm run build` first (`npm run test:rest` does).

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages beside this one that the documentation imports, and the tests that it shows. */
const NAMED = ['@opentelemetry/sdk-trace', '@types', 'fast-check', 'rxjs-marbles', 'vitest'];

/** Imports every block of the documentation, one after another, and prints those that fail. */
const PROGRAM = `
  const failures = [];
  console.log = () => {};
  for (const path of JSON.parse(process.argv[1])) {
    try { await import(path); } catch (error) { failures.push(path + ': ' + error); }
  }
  process.stdout.write(JSON.stringify(failures));
  process.exit();`;

describe('a project that has only the packed package and the packages that the documentation names', () => {
  const project = mkdtempSync(join(tmpdir(), 'crucible-ensemble-'));
  const modules = `${project}/node_modules`;
  const packed = `${modules}/${manifest.name}`;

  afterAll(() => rmSync(project, { recursive: true, force: true }));

  beforeAll(() => {
    const { filename } = JSON.parse(
      execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString(),
    )[0] as { filename: string };
    mkdirSync(packed, { recursive: true });
    execFileSync('tar', ['-xzf', `${project}/${filename}`, '-C', packed, '--strip-components=1']);
    const names = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.peerDependencies),
      ...NAMED,
    ];
    for (const name of names) {
      mkdirSync(dirname(`${modules}/${name}`), { recursive: true });
      symlinkSync(`${root}node_modules/${name}`, `${modules}/${name}`);
    }
    writeFileSync(`${project}/package.json`, JSON.stringify({ type: 'module' }));
  });

  it('runs each block of the documentation as it is printed', () => {
    const paths = findSnippets(root).map(({ source, code }) => {
      const path = `${project}/${source.replaceAll(/[/.:]/g, '-')}.ts`;
      writeFileSync(path, code);
      return path;
    });
    expect(paths.length).toBeGreaterThan(200);
    const run = spawnSync(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '--eval',
        PROGRAM,
        JSON.stringify(paths),
      ],
      { cwd: project, encoding: 'utf8' },
    );
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual([]);
  });

  it('finds what each page of the package links to', () => {
    const pages = globSync('**/*.md', { cwd: packed });
    expect(pages).toContain('README.md');
    const dead = pages.flatMap((page) =>
      linksOf(page, readFileSync(join(packed, page), 'utf8'))
        .filter(({ to, isAbsolute }) => !isAbsolute && !existsSync(join(packed, to)))
        .map(({ to }) => `${page} → ${to}`),
    );
    expect(dead).toEqual([]);
  });
});
