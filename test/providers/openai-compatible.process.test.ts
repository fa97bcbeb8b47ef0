import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { json, startFaultServer } from '../../src/testing/testing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a program in its own process, and returns what it prints. */
const run = async (program: string): Promise<string> => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return output;
};

const ANSWER = { choices: [{ index: 0, message: { content: '391' }, finish_reason: 'stop' }] };

describe('a process', () => {
  it('asks through fetch if undici is missing', async () => {
    const server = await startFaultServer();
    server.script(json(ANSWER));
    const output = await run(`
      import { registerHooks } from 'node:module';
      registerHooks({
        resolve(specifier, context, next) {
          if (specifier === 'undici') throw new Error('not installed');
          return next(specifier, context);
        },
      });
      const { openaiCompatible } = await import('${root}src/providers/openai-compatible.ts');
      openaiCompatible('a', { baseURL: '${server.baseURL}/v1' })
        .call({ prompt: '?', messages: [] })
        .subscribe(({ text }) => console.log(text));
    `);
    await server.close();
    expect(output).toBe('391\n');
    expect(server.requests[0]?.headers['user-agent']).toBe('node');
  });

  it('loads no undici before the first call, and no SDK at all', async () => {
    const output = await run(`
      import { registerHooks } from 'node:module';
      const loaded = new Set();
      registerHooks({
        load(url, context, next) {
          const owner = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1];
          if (owner) loaded.add(owner);
          return next(url, context);
        },
      });
      const { openaiCompatible } = await import('${root}src/providers/openai-compatible.ts');
      openaiCompatible('a', { preset: 'ollama' });
      console.log([...loaded].sort().join(' '));
    `);
    expect(output.trim().split(' ')).toEqual(['eventsource-parser', 'fastest-levenshtein', 'rxjs']);
  });
});

describe('bundled for a browser', () => {
  const { metafile, outputFiles } = buildSync({
    stdin: {
      contents: `export { openaiCompatible } from './src/providers/openai-compatible.ts';`,
      resolveDir: root,
      sourcefile: 'entry.ts',
    },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    metafile: true,
    write: false,
  });

  it('it reads rxjs and two small packages, and nothing else', () => {
    const packages = Object.keys(metafile.inputs).map(
      (path) => /^node_modules\/([^/]+)/.exec(path)?.[1] ?? 'own',
    );
    expect([...new Set(packages)].toSorted()).toEqual([
      'eventsource-parser',
      'fastest-levenshtein',
      'own',
      'rxjs',
      'tslib',
    ]);
    expect(Object.keys(metafile.inputs).filter((path) => path.startsWith('src/node'))).toEqual([]);
  });

  it('it imports nothing of Node, and undici not by a name that a bundler follows', () => {
    const [output] = Object.values(metafile.outputs);
    expect(output?.imports).toEqual([]);
    expect(outputFiles[0]?.text).not.toMatch(/["']node:/);
  });
});
