import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { beside, experimentOf, file } from './experiment-file.ts';

const bin = fileURLToPath(new URL('../../src/cli/bin.ts', import.meta.url));

it('crucible-ensemble run ends its process with 130 on Ctrl-C, with the journal whole and unlocked', async () => {
  const slow = { simulated: { id: 'slow', accuracy: 1, latencyMs: 200 } };
  const path = experimentOf({
    ...file,
    models: [slow],
    conditions: { slow: { normalization: 'numeric' } },
    concurrency: 2,
  });
  const journal = beside(path, 'calls.jsonl');
  const child = spawn(process.execPath, [bin, 'run', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    // The first tenth is done.
    if (stderr === '') child.kill('SIGINT');
    stderr += piece;
  });
  expect(await ended).toStrictEqual([130, null]);
  expect(stderr).toContain('interrupted;');
  expect(existsSync(`${journal}.lock`)).toBe(false);
  const text = readFileSync(journal, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const entries = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line));
  expect(entries.length).toBeGreaterThanOrEqual(2);
  expect(entries.length).toBeLessThan(20);
  expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
});
