import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file, large, small, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const all = { normalization: 'numeric' };
const experiment = { ...file, conditions: { all } };

/** An experiment with a tuned panel beside it, and the members of the panel. */
const tuned = async () => {
  const path = experimentOf(experiment, 40);
  await runCommand(['run', path]);
  await runCommand(['tune', path]);
  const panel = JSON.parse(readFileSync(beside(path, 'experiment.panel.json'), 'utf8'));
  return { path, members: panel.members as string[] };
};

describe('a tuned panel', () => {
  it('is a condition of an experiment, without another call', async () => {
    const { path } = await tuned();
    const chosen = { panel: 'experiment.panel.json', normalization: 'numeric' };
    writeFileSync(path, JSON.stringify({ ...experiment, conditions: { all, chosen } }));
    const { code, stdout } = await runCommand(['run', path, '--json']);
    const { conditions, account } = tableOf(stdout);
    expect({ code, calls: account.calls }).toEqual({ code: 0, calls: 0 });
    expect(conditions).toMatchObject([{ condition: 'all' }, { condition: 'chosen', accuracy: 1 }]);
  });

  it('is the ensemble of a file', async () => {
    const { path, members } = await tuned();
    const ensemble = beside(path, 'ensemble.json');
    writeFileSync(
      ensemble,
      JSON.stringify({ models: [small, large], panel: 'experiment.panel.json', ...all }),
    );
    const { code, stdout } = await runCommand(['What is 6 * 7?', '--ensemble', ensemble, '--json']);
    expect({ code, answer: JSON.parse(stdout).answer }).toEqual({ code: 0, answer: 42 });
    expect(JSON.parse(stdout).outcomes.map(({ model }: { model: string }) => model)).toEqual(members);
  });

  it('has the models of its names, if the file lists none', async () => {
    const { path, members } = await tuned();
    const ensemble = beside(path, 'ensemble.yaml');
    const names = members.map((id) => `  ${id}: { model: ollama/none }`);
    writeFileSync(ensemble, `names:\n${names.join('\n')}\npanel: experiment.panel.json\n`);
    const { code, stdout } = await runCommand(['What is 6 * 7?', '--ensemble', ensemble, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).outcomes.map(({ model }: { model: string }) => model)).toEqual(members);
  });

  it.each([
    [{ panel: 'experiment.panle.json' }, 'conditions["a"].panel: '],
    [{ panel: 7 }, 'conditions["a"].panel: expected the path of a panel that tune wrote, but got 7'],
    [{ panel: 'sums.jsonl' }, 'sums.jsonl, line 2, column 1: invalid JSON'],
    [
      { panel: 'experiment.json' },
      `conditions["a"].panel: fromPanel: format must be 'crucible-ensemble/panel'`,
    ],
    [
      { panel: 'experiment.panel.json', models: ['small'] },
      'fromPanel: option "models" has no model with the id "large"',
    ],
    [
      { panel: 'experiment.panel.json', execution: 'hedged' },
      'conditions["a"].panel: the panel decides "execution", which is given too; remove one of them',
    ],
  ])('is checked before a call: %j', async (condition, message) => {
    const { path } = await tuned();
    writeFileSync(path, JSON.stringify({ ...experiment, conditions: { a: condition } }));
    const { code, stderr } = await runCommand(['run', path]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('a JSON Schema as a normalization', () => {
  const answer = (text: string) => ({ simulated: { id: 'a', accuracy: 1, answer: text } });
  const normalization = {
    jsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  };

  it('reads the answers of a file, and abstains from others', async () => {
    const run = async (text: string) => {
      const path = experimentOf(
        {
          dataset: 'sums.jsonl',
          scorer: 'none',
          models: [answer(text)],
          conditions: { a: { normalization } },
        },
        2,
      );
      return tableOf((await runCommand(['run', path, '--json'])).stdout).conditions[0];
    };
    expect(await run('It is {"city": "Paris"}.')).toMatchObject({ answered: 2 });
    expect(await run('It is {"town": "Paris"}.')).toMatchObject({
      answered: 0,
      causes: [{ kind: 'abstained' }, {}],
    });
  });

  it('is refused before a call if it is none', async () => {
    const conditions = { a: { normalization: { jsonSchema: { type: 'text' } } } };
    const { code, stderr } = await runCommand(['run', experimentOf({ ...file, conditions })]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('conditions["a"].normalization: jsonSchema: '),
    });
  });
});
