import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

describe('a report of the command line', () => {
  it('states what was compared, on which questions, when and with which version', async () => {
    const path = experimentOf({ ...file, sample: { size: 10, seed: 7 } });
    const report = beside(path, 'r.md');
    await runCommand(['run', path, '--report', report]);
    const [, table = ''] = readFileSync(report, 'utf8').split('## About this experiment');
    const facts = Object.fromEntries(
      Array.from(table.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm), ([, name, value = '']) => [
        name,
        value.replaceAll('\\', ''),
      ]),
    );
    expect(facts).toMatchObject({
      'condition small': 'models: small; normalization: numeric',
      models: expect.stringMatching(/^small \(simulated, .*"accuracy":0\.5.*\); large \(simulated, /),
      dataset: expect.stringMatching(/^sums\.jsonl, SHA-256 [0-9a-f]{16}…$/),
      questions: 'a random sample of 10 of 20 questions, seed 7',
      scorer: 'exact',
      calls: 'recorded in calls.jsonl',
      run: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ to \d{4}-/),
      version: expect.stringMatching(/^crucible-ensemble \d+\.\d+\.\d+, Node \d+/),
    });
    const page = beside(path, 'experiment.html');
    await runCommand(['report', path]);
    expect(readFileSync(page, 'utf8')).toContain('replayed from calls.jsonl');
  });
});
