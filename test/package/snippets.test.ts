import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toModule, writeSnippets } from '../../scripts/snippets.ts';
import * as core from '../../src/index.ts';
import * as operators from '../../src/operators/operators.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

// `npm run check:types` compiles the same modules.
const modules = writeSnippets(root);

describe('the examples in the documentation', () => {
  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(modules)('run and give what they say: $source', async ({ path }) => {
    await expect(import(/* @vite-ignore */ path)).resolves.toBeDefined();
  });

  it('show every public function at work', () => {
    const documented = globSync('src/**/*.ts', { cwd: root }).flatMap((path) => {
      const text = readFileSync(root + path, 'utf8');
      return [
        ...text.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*export (?:const|function|async function) (\w+)/gs),
      ].flatMap(([, comment = '', name = '']) => (comment.includes('```ts\n') ? [name] : []));
    });
    const functions = Object.entries({ ...core, ...operators }).flatMap(([name, value]) =>
      typeof value === 'function' && !(value.prototype instanceof Error) ? [name] : [],
    );
    expect(functions.filter((name) => !documented.includes(name))).toEqual([]);
  });
});

describe('a marked line of an example', () => {
  const assertionsOf = (code: string): string => toModule({ source: '', code }).replace(/^import .*\n/, '');

  it.each([
    ['1 + 1; // => 2', 'expectDocumented(1 + 1).toEqual(2);'],
    ['const two = 1 + 1; // => 2', 'const two = 1 + 1;\nexpectDocumented(two).toEqual(2);'],
    ['console.log(two); // => 2', 'expectDocumented(two).toEqual(2);'],
    ['add(\n  1,\n  1,\n); // => 2', 'expectDocumented(add(\n  1,\n  1,\n)).toEqual(2);'],
    ['start\n  .next()\n  .next(); // => 2', 'expectDocumented(start\n  .next()\n  .next()).toEqual(2);'],
    ['await later();\n// => 2', 'expectDocumented(await later()).toEqual(2);'],
    [
      'for (const two of [2]) {\n  two; // => 2\n}',
      'for (const two of [2]) {\nexpectDocumented(two).toEqual(2);\n}',
    ],
  ])('asserts its value: %j', (code, assertion) => {
    expect(assertionsOf(code)).toBe(assertion);
  });
});
