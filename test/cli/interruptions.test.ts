import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const names = ['r.html', 'r.md', 'r.csv', 'r.json'];
const slow = {
  ...file,
  models: [{ simulated: { id: 'slow', accuracy: 1, latencyMs: 20, costUsd: 0.01 } }],
  conditions: { slow: { normalization: 'numeric' } },
  concurrency: 1,
};

/** Interrupts a command at its first line of progress, after a tenth of the questions. */
const interrupted = async (path: string, ...flags: readonly string[]) => {
  const controller = new AbortController();
  return runCommand(['run', path, ...flags], {
    signal: controller.signal,
    onErrorWrite: () => controller.abort(),
  });
};

describe('a run that is interrupted', () => {
  it('prints the table of the finished questions, and says that it is cut', async () => {
    const path = experimentOf(slow);
    const { code, stdout, stderr } = await interrupted(path);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^slow +100\.0 % +[\d.–]+ +2\/2 +1\.00 +\$0\.01 /m);
    expect(stdout).toMatch(
      /^\d calls made \(\$0\.0\d\); 0 answers reused; interrupted after 2 of 20 questions$/m,
    );
    expect(stderr).toContain(
      `interrupted; the finished calls are in ${beside(path, 'calls.jsonl')}. Run ${path} again to continue`,
    );
  });

  it('writes its reports, each marked as cut, and the next run replaces them', async () => {
    const path = experimentOf(slow);
    const reports = names.map((name) => beside(path, name));
    const { stderr } = await interrupted(path, '--report', ...reports);
    expect(stderr).toContain('wrote');
    const [page = '', markdown, csv, card = ''] = reports.map((report) => readFileSync(report, 'utf8'));
    expect(page).toContain('<strong class="wrong">Interrupted after 2 of 20 questions.</strong>');
    expect(markdown).toContain('**Interrupted after 2 of 20 questions.**');
    expect(csv).toMatch(/^slow,2,2,.*,Interrupted after 2 of 20 questions\r$/m);
    expect(JSON.parse(card)).toMatchObject({ trials: 2, stopped: 'Interrupted after 2 of 20 questions' });
    const { code } = await runCommand(['run', path, '--report', ...reports]);
    expect(code).toBe(0);
    for (const report of reports) expect(readFileSync(report, 'utf8')).not.toContain('nterrupted');
    expect(JSON.parse(readFileSync(beside(path, 'r.json'), 'utf8'))).not.toHaveProperty('stopped');
  });

  it('says so in JSON', async () => {
    const { code, stdout } = await interrupted(experimentOf(slow), '--json');
    expect(code).toBe(130);
    expect(tableOf(stdout)).toMatchObject({
      conditions: [{ condition: 'slow', questions: 2 }],
      stopped: { name: 'CancelledError', message: 'interrupted after 2 of 20 questions' },
    });
  });
});

it('that fails partway has a table and reports of what is finished, and exits with 1', async () => {
  const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);
  const path = experimentOf(
    `import { simulated } from ${index};
    export default {
      dataset: 'sums.jsonl',
      journal: 'calls.jsonl',
      concurrency: 1,
      conditions: { a: { models: [simulated({ id: 'a', accuracy: 1, costUsd: 0.01 })], normalization: 'numeric' } },
      scorer: (answer, { id }) => {
        if (id === 'q5') throw new Error('oh');
        return true;
      },
    };`,
    20,
    'experiment.ts',
  );
  const report = beside(path, 'r.md');
  const { code, stdout, stderr } = await runCommand(['run', path, '--report', report]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^a +100\.0 % +[\d.–]+ +5\/5 /m);
  expect(stdout).toMatch(/; stopped early after 5 of 20 questions$/m);
  expect(stderr).toContain('the experiment stopped early: the scorer, at question "q5", threw Error');
  expect(readFileSync(report, 'utf8')).toContain('**Stopped early after 5 of 20 questions.**');
});

it('that is refused before any call has neither', async () => {
  const path = experimentOf(slow);
  await runCommand(['run', path]);
  const lock = beside(path, 'calls.jsonl');
  const report = beside(path, 'r.md');
  const missing = experimentOf({ ...slow, journal: 'no/such/folder.jsonl' });
  const { code, stdout } = await runCommand(['run', missing, '--report', report]);
  expect([code === 0, stdout]).toStrictEqual([false, '']);
  expect([existsSync(report), existsSync(lock)]).toStrictEqual([false, true]);
});
