import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer as createPlainServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventStream, type FaultServer, json, startFaultServer } from '../../src/testing/testing.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a program prints in a process of its own that is left to end by itself, and how long it took to. */
const run = (program: string): Promise<{ output: string; code: number | null }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: root });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('close', (code) => resolve({ output, code }));
  });

const PROGRAM = `
  import { createEnsemble } from '${root}src/index.ts';
  import { openaiCompatible } from '${root}src/providers/openai-compatible.ts';
  const timeToExit = () => {
    const at = performance.now();
    process.on('exit', () => console.log('exit', Math.round(performance.now() - at)));
  };
`;

const exitMs = (output: string): number => Number(/exit (\d+)/.exec(output)?.[1] ?? Number.NaN);

const ANSWER = { choices: [{ index: 0, message: { content: '391' }, finish_reason: 'stop' }] };

describe('a process', () => {
  let server: FaultServer;

  beforeEach(async () => {
    server = await startFaultServer();
    server.script(json(ANSWER));
  });
  afterEach(() => server.close());

  it.each([
    ['undici', ''],
    ['fetch', ', fetch'],
  ])('ends by itself within 100 ms of the last answer, with kept connections: %s', async (_name, option) => {
    const { output, code } = await run(`${PROGRAM}
      const models = ['a', 'b', 'c'].map((name) =>
        openaiCompatible(name, { baseURL: '${server.baseURL}/v1'${option} }));
      console.log((await createEnsemble({ models }).predict('17 * 23?')).answer);
      timeToExit();
    `);
    expect(output).toMatch(/^391\n/);
    expect(code).toBe(0);
    expect(exitMs(output)).toBeLessThan(100);
  });

  it('ends by itself when the losers of an election are still out', async () => {
    server.script(json(ANSWER), json(ANSWER), () => undefined);
    const { output } = await run(`${PROGRAM}
      const models = ['a', 'b', 'c'].map((name) => openaiCompatible(name, { baseURL: '${server.baseURL}/v1' }));
      const { metadata } = await createEnsemble({ models, earlyStop: 'decided' }).predict('17 * 23?');
      console.log(metadata.cancelled);
      timeToExit();
    `);
    expect(output).toMatch(/^1\n/);
    expect(exitMs(output)).toBeLessThan(100);
  });

  it('ends by itself when a connection was never made', async () => {
    // Takes connections, and never says anything: the handshake of TLS does not end.
    const silent = createPlainServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const sockets: { destroy(): void }[] = [];
    silent.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
    const { output } = await run(`${PROGRAM}
      const model = openaiCompatible('a', { baseURL: 'https://127.0.0.1:${(silent.address() as AddressInfo).port}' });
      const error = await createEnsemble({ models: [model], timeoutMs: 100 }).predict('?').catch((error) => error);
      console.log(error.outcomes[0].error.name);
      timeToExit();
    `);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
    expect(output).toMatch(/^TimeoutError\n/);
    expect(exitMs(output)).toBeLessThan(100);
  });

  it('asks through fetch where undici is missing', async () => {
    const { output } = await run(`
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
    expect(output).toBe('391\n');
    expect(server.requests[0]?.headers['user-agent']).toBe('node');
  });

  it('loads no undici before the first call, and no SDK at all', async () => {
    const { output } = await run(`
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

  it('answers a stream whose server never ends it, and ends by itself', async () => {
    const finished = { choices: [{ index: 0, delta: { content: '391' }, finish_reason: 'stop' }] };
    server.script(eventStream([{ data: JSON.stringify(finished) }, { data: '[DONE]' }], { ending: 'stall' }));
    const { output } = await run(`${PROGRAM}
      const model = openaiCompatible('a', { baseURL: '${server.baseURL}/v1' });
      for await (const event of createEnsemble({ models: [model] }).stream('?')) {
        if (event.type === 'complete') console.log(event.prediction.answer);
      }
      timeToExit();
    `);
    expect(output).toMatch(/^391\n/);
    expect(exitMs(output)).toBeLessThan(100);
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
