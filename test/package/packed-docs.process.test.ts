import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { findSnippets } from '../../scripts/snippets.ts';
import { linksOf } from '../markdown-links.ts';
import { packedProject } from '../packed-project.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages that the documentation imports beside this one and its peers. */
const NAMED = ['@opentelemetry/sdk-trace', 'fast-check', 'rxjs-marbles', 'vitest'];

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
  const { folder, packed } = packedProject([...Object.keys(manifest.peerDependencies), ...NAMED]);

  it('runs each block of the documentation as it is printed', () => {
    const paths = findSnippets(root).map(({ source, code }) => {
      const path = `${folder}/${source.replaceAll(/[/.:]/g, '-')}.ts`;
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
      { cwd: folder, encoding: 'utf8' },
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
