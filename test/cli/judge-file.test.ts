import { readFileSync, writeFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../scripts/json-schemas.ts';
import { judgeFields } from '../../src/cli/experiment-file/file-judge.ts';
import { beside, experimentOf, file, large, small, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const grader = (answer: string, others: object = {}) => ({
  simulated: { id: 'grader', accuracy: 1, answer, costUsd: 0.002, ...others },
});
const judged = (judge: unknown, others: object = {}) => ({
  ...file,
  conditions: { large: { models: ['large'], normalization: 'numeric' } },
  scorer: { judge },
  ...others,
});
const run = async (path: string, ...flags: readonly string[]) => {
  const { code, stdout, stderr } = await runCommand(['run', path, '--json', ...flags]);
  return { code, stderr, table: stdout === '' ? undefined : tableOf(stdout) };
};

describe('the judge of an experiment file', () => {
  it('scores the answers, and its verdicts are recorded in the journal of the experiment', async () => {
    const path = experimentOf(judged({ models: [grader('Yes')] }));
    const first = await run(path);
    expect(first).toMatchObject({
      code: 0,
      table: { conditions: [{ accuracy: 1 }], account: { calls: 40, judgeCalls: 20 } },
    });
    expect(first.table.simulatedModels).toEqual(['large', 'grader']);
    expect((await run(path)).table.account).toMatchObject({ calls: 0, recalled: 40 });
    const rescored = await runCommand(['rescore', path, '--json']);
    expect(tableOf(rescored.stdout)).toMatchObject({
      conditions: [{ accuracy: 1 }],
      account: { calls: 0, missing: 0 },
    });
    expect((await runCommand(['tune', path])).code).toBe(0);
  });

  it('gives its verdicts anew if its model or its rubric is another one', async () => {
    const path = experimentOf(judged({ models: [grader('Yes')] }));
    await run(path);
    for (const judge of [{ models: [grader('No')] }, { models: [grader('No')], rubric: 'It is short.' }]) {
      writeFileSync(path, JSON.stringify(judged(judge)));
      expect((await run(path)).table).toMatchObject({
        conditions: [{ accuracy: 0 }],
        account: { calls: 20, judgeCalls: 20, recalled: 20 },
      });
    }
  });

  it('needs no right answers if it has a rubric', async () => {
    const path = experimentOf(judged({ models: [grader('Yes')], rubric: 'The answer is a number.' }));
    const data = beside(path, 'sums.jsonl');
    writeFileSync(data, readFileSync(data, 'utf8').replaceAll(/,"expected":\d+/g, ''));
    const { code, table } = await run(path);
    expect({ code, ...table.conditions[0] }).toMatchObject({ code: 0, accuracy: 1, scored: 20, causes: [] });
    writeFileSync(path, JSON.stringify(judged({ models: [grader('Yes')] })));
    expect((await run(path)).stderr).toContain('has a right answer in the field "expected"');
  });

  it('has the policies of an ensemble, within the journal', async () => {
    const failing = grader('Yes', { failureRate: 1 });
    const circuitBreaker = { minimumCalls: 2, failureRatio: 0.5 };
    const path = experimentOf(judged({ models: [failing], circuitBreaker }, { concurrency: 1 }));
    expect((await run(path)).table.account).toMatchObject({ judgeCalls: 2, unsent: 18 });
  });

  it('spends from the limit of the run', async () => {
    const { code, table } = await run(
      experimentOf(judged({ models: [grader('Yes')] }, { concurrency: 1 })),
      '--max-usd',
      '0.1',
    );
    expect({ code, stopped: table.stopped.name }).toEqual({ code: 1, stopped: 'SpendingLimitError' });
    expect(table.account.judgeCalls).toBeGreaterThan(0);
    expect(table.account.spentUsd).toBeLessThanOrEqual(0.1);
  });

  it('ends the run if the limit is spent on verdicts alone', async () => {
    const free = { simulated: { ...large.simulated, costUsd: 0 } };
    const path = experimentOf(judged({ models: [grader('Yes')] }, { models: [free], concurrency: 1 }));
    const { code, table } = await run(path, '--max-usd', '0.01');
    expect({ code, stopped: table.stopped.name }).toEqual({ code: 1, stopped: 'SpendingLimitError' });
    expect(table.account).toMatchObject({ judgeCalls: 5, unsent: 1 });
    expect((await run(path)).table.account).toMatchObject({ judgeCalls: 15 });
  });

  it('counts in the estimate, with a verdict for each answer', async () => {
    const price = { inputPerMillionUsd: 0, outputPerMillionUsd: 100 };
    const paid = { model: 'any', id: 'paid', baseURL: 'http://127.0.0.1:9/v1', price };
    const conditions = { large: { models: ['large'] }, small: { models: ['small'] } };
    const { code, stderr } = await run(experimentOf(judged({ models: [paid] }, { conditions })));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^estimate: up to \$16\.\d+ for 40 calls$/m),
    });
  });

  it.each([
    [7, 'scorer.judge: expected the name of a model, or { "models": […], "rubric": "…" }, but got 7'],
    ['nix', 'scorer.judge.models[0]: there is no model "nix"'],
    [{}, 'scorer.judge: createEnsemble: option "models" is missing'],
    [{ models: [small], rubrc: 'x' }, 'scorer.judge.rubrc: there is no such field; did you mean "rubric"?'],
    [{ models: [small], rubric: '' }, 'scorer.judge: judge: option "rubric" must be'],
    [{ models: [small], normalization: 'numeric' }, 'scorer.judge.normalization: there is no such field'],
    [{ models: [small], retry: { maxAttempts: 0 } }, 'scorer.judge: retry: option "maxAttempts" must be'],
    [{ models: [small], strategy: 'most' }, 'scorer.judge: createEnsemble: option "strategy" must be'],
  ])('is checked before a call: %j', async (judge, message) => {
    const { code, stdout, stderr } = await runCommand(['run', experimentOf(judged(judge))]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('is as valid for the schema', () => {
    const isValid = (judge: unknown) =>
      new Validator(experimentSchema, '2020-12').validate(judged(judge)).valid;
    const right = [
      'openai/gpt-6-luna',
      { models: [small] },
      { models: [small, large], rubric: 'x', strategy: 'unanimous', retry: true },
    ];
    const wrong = [
      7,
      '',
      {},
      { rubric: 'x' },
      { models: [small], rubric: '' },
      { models: [small], normalization: 'numeric' },
      { models: [small], colour: 'red' },
    ];
    expect(right.map(isValid)).toEqual(right.map(() => true));
    expect(wrong.map(isValid)).toEqual(wrong.map(() => false));
    const { properties } = (experimentSchema as { $defs: { judge: { properties: object } } }).$defs.judge;
    expect(Object.keys(properties).sort()).toEqual(judgeFields.toSorted());
  });
});
