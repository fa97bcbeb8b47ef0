import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileOf, jsonLines } from './recording.ts';

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));
const question = 'What is 17 * 23?';

/** A model that would take a minute, as would any timer left behind, and two that agree at once. */
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

/** No keys, and no Ollama of the machine that the tests run on. */
const env = { PATH: process.env.PATH, OLLAMA_HOST: 'http://127.0.0.1:9' };

describe('the crucible-ensemble process', () => {
  it('answers from the simulated panel with one JSON document on standard output', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'predict', question, '--json'], {
      env,
    });
    expect(JSON.parse(stdout.toString())).toMatchObject({ query: question, answer: '391' });
    expect(stderr.toString()).toBe(
      'No API keys found: using 3 simulated models, which can only do arithmetic\n',
    );
    expect(status).toBe(0);
  });

  it('exits as soon as it has answered, although a call was still out', () => {
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

  it('exits with 130 on an interrupt, and tells what was aborted', async () => {
    const child = spawn(process.execPath, [bin, ...slowReplay()], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.kill('SIGINT'));
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(stderr).toMatch(/– slow .* cancelled\n/);
  });
});
