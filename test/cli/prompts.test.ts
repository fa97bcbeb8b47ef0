import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file, large, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const names = (stdout: string): string[] =>
  tableOf(stdout).conditions.map(({ condition }: { condition: string }) => condition);

describe('the prompt of an experiment file', () => {
  it('is that of each condition without its own, and each prompt is another call', async () => {
    const path = experimentOf({
      ...file,
      models: [large],
      prompt: 'Calculate: {{question}}',
      conditions: {
        shared: { normalization: 'numeric' },
        own: { normalization: 'numeric', prompt: '{{question}} Now.' },
      },
    });
    const { code, stdout } = await runCommand(['run', path, '--json']);
    expect({ code, account: tableOf(stdout).account }).toMatchObject({ code: 0, account: { calls: 40 } });
    const again = await runCommand(['run', path, '--json']);
    expect(tableOf(again.stdout).account).toMatchObject({ calls: 0, recalled: 40 });
    // A changed prompt is asked anew, and the other one is not.
    writeFileSync(path, readFileSync(path, 'utf8').replace('Now.', 'Please.'));
    expect(tableOf((await runCommand(['run', path, '--json'])).stdout).account).toMatchObject({ calls: 20 });
  });

  it('may be one of several in a matrix, which are told apart by their numbers', async () => {
    const matrix = { prompt: ['Calculate: {{question}}', '{{question}} Now.'], normalization: ['numeric'] };
    const path = experimentOf({ ...file, models: [large], conditions: undefined, matrix });
    const { stdout } = await runCommand(['run', path, '--json']);
    expect(names(stdout).sort()).toEqual(['prompt 1', 'prompt 2']);
  });

  it('is refused before a call if the last row lacks a field', async () => {
    const conditions = { a: { normalization: 'numeric', prompt: '{{question}} {{hints}}' } };
    const path = experimentOf({ ...file, models: [large], conditions });
    const data = beside(path, 'sums.jsonl');
    const rows = readFileSync(data, 'utf8')
      .split('\n')
      .map((line) => ({ ...JSON.parse(line), hint: 'x', hints: 'y' }));
    const { hints: _, ...last } = rows.at(-1);
    writeFileSync(data, [...rows.slice(0, -1), last].map((each) => JSON.stringify(each)).join('\n'));
    const { code, stdout, stderr } = await runCommand(['run', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      'experiment.json: condition "a": prompt: {{hints}}: question "q19" has no such field; the rows have the fields id, question, expected, hint; did you mean {{hint}}?',
    );
    expect(existsSync(beside(path, 'calls.jsonl'))).toBe(false);
  });

  it('is the one with which tune looks for recorded calls', async () => {
    const path = experimentOf(
      {
        ...file,
        prompt: 'Calculate: {{question}}',
        conditions: { all: { normalization: 'numeric', system: 'Be brief.' } },
      },
      30,
    );
    expect((await runCommand(['run', path])).code).toBe(0);
    const { code, stdout } = await runCommand(['tune', path]);
    expect({ code, members: /members +(.*)/.exec(stdout)?.[1] }).toEqual({ code: 0, members: 'large' });
  });
});
