import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf } from './experiment-file.ts';
import { fileOf, jsonLines } from './recording.ts';

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
const question = 'What is 17 * 23?';

/** Replays a model that answers after a minute, like any timer left behind, and two that agree at once. */
const slowReplay = (): string[] => [
  question,
  '--replay',
  fileOf(
    jsonLines({
      question,
      responses: [
        { model: 'slow', text: '389', latencyMs: 60_000 },
        { model: 'a', text: '391' },
        { model: 'b', text: '391' },
      ],
    }),
  ),
  '--with-latency',
  '--timeout-ms',
  '60000',
];

/** Signals with the exit codes that shells give them. */
const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** An environment without keys and without the Ollama of this machine. */
const env = { PATH: process.env.PATH, OLLAMA_HOST: 'http://127.0.0.1:9' };

describe('the crucible-ensemble process', () => {
  it('answers from the simulated panel with one JSON document on standard output', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [bin, 'predict', question, '--simulate', '3', '--json'],
      {
        env,
      },
    );
    expect(JSON.parse(stdout.toString())).toMatchObject({
      query: question,
      answer: '391',
      simulatedModels: ['cirrus-small', 'beacon-medium', 'atlas-large'],
    });
    expect(stderr.toString()).toBe('Using 3 simulated models, which can only do arithmetic\n');
    expect(status).toBe(0);
  });

  it('exits as soon as it has answered, although a call is in flight', () => {
    const { status, signal, stdout } = spawnSync(
      process.execPath,
      [bin, ...slowReplay(), '--early-stop', 'decided', '--json'],
      { timeout: 20_000 },
    );
    expect({ status, signal }).toEqual({ status: 0, signal: null });
    expect(JSON.parse(stdout.toString()).metadata).toMatchObject({
      cancelled: 1,
    });
  });

  it.each(signals)('exits on %s with %i, and lists the cancelled calls', async (name, exitCode) => {
    const child = spawn(process.execPath, [bin, ...slowReplay()], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.kill(name));
    expect(await once(child, 'close')).toEqual([exitCode, null]);
    expect(stderr).toMatch(/– slow .* cancelled\n/);
  });

  it.each(signals)(
    'ends a run on %s with %i, its table printed, and the journal whole and unlocked',
    async (name, exitCode) => {
      // Answers the first two questions, which are a tenth of all, and no other.
      const path = experimentOf(
        `import { defineModel } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
      let calls = 0;
      const model = defineModel('a', () => (++calls <= 2 ? '0' : new Promise(() => {})));
      export default {
        dataset: 'sums.jsonl',
        journal: 'calls.jsonl',
        conditions: { a: { models: [model], normalization: 'numeric' } },
        concurrency: 2,
      };`,
        20,
        'experiment.ts',
      );
      const journal = beside(path, 'calls.jsonl');
      const child = spawn(process.execPath, [bin, 'run', path], { stdio: ['ignore', 'pipe', 'pipe'] });
      const ended = once(child, 'close');
      let stderr = '';
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        stdout += piece;
      });
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        // The first line of progress is printed after a tenth of the questions.
        if (stderr === '') child.kill(name);
        stderr += piece;
      });
      expect(await ended).toStrictEqual([exitCode, null]);
      expect(stdout).toMatch(/^condition .*\na .* 2\/2 /);
      expect(stdout).toContain('interrupted after 2 of 20 questions');
      expect(stderr).toContain('interrupted;');
      expect(existsSync(`${journal}.lock`)).toBe(false);
      const text = readFileSync(journal, 'utf8');
      expect(text.endsWith('\n')).toBe(true);
      const entries = text
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line));
      expect(entries).toHaveLength(2);
      expect(new Set(entries.map(({ key }) => key)).size).toBe(2);
    },
  );

  it.each([
    ['a module that is never evaluated', 'await new Promise(() => {}); export default {};'],
    ['a function that never answers', 'export default () => new Promise(() => {});'],
    ['a model that never answers', undefined],
  ])('fails with a word if the command cannot finish: %s', (_, source) => {
    const path = experimentOf(
      source ??
        `import { defineModel } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
        const model = defineModel('a', () => new Promise(() => {}));
        export default {
          dataset: 'sums.jsonl',
          conditions: { a: { models: [model], normalization: 'numeric', timeoutMs: Infinity } },
          timeoutMs: Infinity,
        };`,
      2,
      'experiment.ts',
    );
    const { status, signal, stderr } = spawnSync(process.execPath, [bin, 'run', path], { timeout: 20_000 });
    expect({ status, signal }).toEqual({ status: 1, signal: null });
    expect(stderr.toString()).toMatch(
      /^crucible-ensemble: the command did not finish: it waits for a promise/m,
    );
  });
});
