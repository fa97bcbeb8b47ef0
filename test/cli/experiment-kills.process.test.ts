import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { startFaultServer } from '../../src/testing/testing.ts';
import { bundled } from '../bundled.ts';
import { killAndResume, PROCESS, sum } from './experiment-kills.ts';
import { fileOf } from './recording.ts';

/** The most calls in flight: questions at a time, and calls for each. */
const MOST_OUT = 8 * 2;

it('continues after kills at random moments: no entry is lost, no answered call is made again', async () => {
  const questions = 200;
  const after = await killAndResume({
    kills: 6,
    questions,
    seed: '6 kills',
    journal: fileOf('', 'calls.jsonl'),
    program: bundled(PROCESS),
  });
  const expected = Array.from({ length: questions }, (_, index) => [
    `q${index} both 1`,
    `q${index} cascade 1`,
  ]).flat();
  expect(after.last).toBe('done');
  // Every question is answered exactly once, in order, and correctly.
  expect(after.trials).toStrictEqual(expected);
  expect(after.lost).toBe(0);
  expect(after.answeredTwice).toBe(0);
  // Entries that were written, but not printed before the kill, are there as well.
  expect(after.recorded).toBe(2 * questions);
  expect(after.inFlight).toHaveLength(6);
  for (const count of after.inFlight) {
    expect(count).toBeGreaterThanOrEqual(0);
    expect(count).toBeLessThanOrEqual(MOST_OUT);
  }
  const inFlight = after.inFlight.reduce((sum, count) => sum + count, 0);
  expect(after.distinct).toBe(2 * questions);
  expect(after.requests - after.distinct).toBeLessThanOrEqual(inFlight + after.refused);
  // Otherwise the kills came too late to prove anything.
  expect(inFlight).toBeGreaterThan(0);
});

// FAULTS 36.
it.skipIf(process.platform === 'win32')(
  'makes no further calls when the journal has no room, and keeps every acknowledged entry',
  async () => {
    const path = fileOf('', 'calls.jsonl');
    const server = await startFaultServer();
    server.script((response, stalled) => sum(server.requests.at(-1)?.body)(response, stalled));
    // Limits files to 32 blocks, and ignores the signal at that limit, so that the write fails.
    const limited = `trap '' XFSZ; ulimit -f 32; exec "$@"`;
    const child = spawn(
      'bash',
      ['-c', limited, 'bash', process.execPath, bundled(PROCESS), path, `${server.baseURL}/v1`, '2000'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    const requests = server.requests.length;
    await server.close();
    const lines = output.trim().split('\n');
    expect(code).toBe(3);
    expect(lines.at(-1)).toBe(`JournalWriteError: ${path} cannot be written: EFBIG`);
    const written = lines.filter((line) => line.startsWith('written')).length;
    expect(written).toBeGreaterThan(50);
    expect(requests - written).toBeLessThanOrEqual(MOST_OUT);
    expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1 + written);
  },
  60_000,
);
