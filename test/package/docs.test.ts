import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { linksOf } from '../markdown-links.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = globSync('docs/**/*.md', { cwd: root }).toSorted();
const linking = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md', ...pages];

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (path: string): string[] =>
  [
    ...read(path)
      .replace(/^(```+).*?^\1/gms, '')
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the documentation', () => {
  it.each(linking)('links to what is there: %s', (from) => {
    const broken = linksOf(from, read(from)).filter(
      ({ to, anchor }) =>
        !existsSync(join(root, to)) ||
        (anchor !== undefined && to.endsWith('.md') && !anchorsOf(to).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  it('reaches each page from its index in two clicks', () => {
    const pagesFrom = (from: string): string[] =>
      linksOf(from, read(from)).flatMap(({ to }) => (pages.includes(to) ? [to] : []));
    const near = pagesFrom('docs/README.md');
    const reached = new Set([...near, ...near.flatMap(pagesFrom)]);
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it.each([
    ['docs/README.md', (page: string) => !page.startsWith('docs/decisions/')],
    ['docs/decisions/README.md', (page: string) => page.startsWith('docs/decisions/')],
  ])('lists each of its pages exactly once: %s', (index, isListed) => {
    const listed = linksOf(index, read(index)).filter(({ anchor }) => anchor === undefined);
    const times = pages
      .filter((page) => isListed(page) && page !== index)
      .map((page) => ({ page, links: listed.filter(({ to }) => to === page).length }));
    expect(times.filter(({ links }) => links !== 1)).toEqual([]);
  });

  it('numbers its decisions one by one, each as its title says', () => {
    const decisions = pages.filter((page) => /^docs\/decisions\/\d/.test(page));
    const numbers = decisions.map((page) => Number(relative('docs/decisions', page).slice(0, 4)));
    expect(numbers).toEqual(decisions.map((_, index) => index + 1));
    const titles = decisions.map((page) => Number(/^# (\d+)\. /.exec(read(page))?.[1]));
    expect(titles).toEqual(numbers);
  });

  it('names every benchmark where it says how to contribute', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const benchmarks = Object.keys(scripts).filter((name) => name.startsWith('bench:'));
    const contributing = read('CONTRIBUTING.md');
    expect(benchmarks.filter((name) => !contributing.includes(`\`npm run ${name}\``))).toEqual([]);
  });

  it('shows each folder of sources where it says how to contribute', () => {
    const folders = globSync('src/*', { cwd: root }).filter((path) =>
      statSync(join(root, path)).isDirectory(),
    );
    const contributing = read('CONTRIBUTING.md');
    expect(folders.filter((path) => !contributing.includes(`\n  ${relative('src', path)}/ `))).toEqual([]);
  });

  it('lists each example', () => {
    const examples = globSync(['examples/*.ts', 'examples/*/main.ts', 'examples/research/*.ts'], {
      cwd: root,
    });
    const listed = linksOf('examples/README.md', read('examples/README.md')).map(({ to }) => to);
    expect(examples.filter((path) => !listed.includes(path))).toEqual([]);
  });
});
