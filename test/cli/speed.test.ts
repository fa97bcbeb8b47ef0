import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatRate, speedLine } from '../../src/cli/speed.ts';
import { beside, experimentOf, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

describe('the speed of an experiment', () => {
  it.each([
    [{ questions: 400, durationMs: 3200 }, '400 questions in 3.20 s, 125 per second'],
    [{ questions: 1, durationMs: 4000 }, '1 question in 4.00 s, 0.3 per second'],
    [{ questions: 0, durationMs: 0 }, '0 questions in 0.00 s, 0.0 per second'],
    [{ questions: 95, durationMs: 10_000 }, '95 questions in 10.00 s, 9.5 per second'],
  ])('%j', (speed, line) => {
    expect(speedLine(speed)).toBe(line);
    expect(line).toContain(`, ${formatRate(speed)} per`);
  });

  it('is in the table, in its JSON and in the reports, as a fact of the machine', async () => {
    const path = experimentOf();
    const reports = ['r.html', 'r.md'].map((name) => beside(path, name));
    const { stdout } = await runCommand(['run', path, '--json', '--report', ...reports]);
    const { durationMs, account } = tableOf(stdout);
    expect(durationMs).toBeGreaterThan(0);
    const line = speedLine({ questions: account.questions, durationMs });
    for (const report of reports)
      expect(readFileSync(report, 'utf8')).toContain(
        `${line}, 10 at a time; a fact of this machine and its network, not of a condition`,
      );
  });
});
