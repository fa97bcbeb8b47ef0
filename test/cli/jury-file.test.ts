import { writeFileSync } from 'node:fs';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../scripts/json-schemas.ts';
import { juryFields } from '../../src/cli/experiment-file/file-judge.ts';
import { experimentOf, file, small, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const grader = (id: string, grade: unknown, others: object = {}) => ({
  simulated: { id, accuracy: 1, answer: JSON.stringify({ reason: 'So.', grade }), costUsd: 0.002, ...others },
});
const graders = (...grades: readonly unknown[]) =>
  grades.map((grade, index) => grader(`grader-${index}`, grade));
const scale = { from: 1, to: 5 };
const judged = (jury: unknown, others: object = {}) => ({
  ...file,
  conditions: { large: { models: ['large'], normalization: 'numeric' } },
  scorer: { jury },
  ...others,
});
const run = async (path: string, ...flags: readonly string[]) => {
  const { code, stdout, stderr } = await runCommand(['run', path, '--json', ...flags]);
  return { code, stderr, table: stdout === '' ? undefined : tableOf(stdout) };
};

describe('the jury of an experiment file', () => {
  it('scores the answers, and its grades are recorded in the journal of the experiment', async () => {
    const path = experimentOf(judged({ members: graders(5, 5, 1), scale }));
    const first = await run(path);
    expect(first).toMatchObject({
      code: 0,
      table: { conditions: [{ accuracy: 1 }], account: { calls: 80, judgeCalls: 60 } },
    });
    expect((await run(path)).table.account).toMatchObject({ calls: 0, recalled: 80 });
    const rescored = await runCommand(['rescore', path, '--json']);
    expect(tableOf(rescored.stdout)).toMatchObject({
      conditions: [{ accuracy: 1 }],
      account: { calls: 0, missing: 0 },
    });
    writeFileSync(path, JSON.stringify(judged({ members: graders(5, 5, 1), scale, rubric: 'It is short.' })));
    expect((await run(path)).table.account).toMatchObject({ judgeCalls: 60, recalled: 20 });
  });

  it('leaves answers without a strict majority without a score', async () => {
    const { table } = await run(experimentOf(judged({ members: graders(5, 1), scale })));
    expect(table.conditions[0]).toMatchObject({ scored: 0 });
    expect(JSON.stringify(table.conditions[0])).toContain('no strict majority: 0 of 2 jurors');
  });

  it('compares answers with the right ones in pairs, in both orders', async () => {
    const path = experimentOf(judged({ members: graders('tie'), scale: 'pairwise' }));
    // The answers are equal, so that both orders are one prompt, which is asked once.
    expect((await run(path)).table.account).toMatchObject({ judgeCalls: 20, recalled: 20 });
  });

  it('has policies, and spends from the limit of the run', async () => {
    const circuitBreaker = { minimumCalls: 2, failureRatio: 0.5 };
    const failing = [grader('failing', 5, { failureRate: 1 })];
    const broken = await run(experimentOf(judged({ members: failing, circuitBreaker }, { concurrency: 1 })));
    expect(broken.table.account).toMatchObject({ judgeCalls: 2, unsent: 18 });
    const limited = await run(
      experimentOf(judged({ members: graders(5), scale }, { concurrency: 1 })),
      '--max-usd',
      '0.1',
    );
    expect(limited.table.stopped.name).toBe('SpendingLimitError');
    expect(limited.table.account.spentUsd).toBeLessThanOrEqual(0.1);
  });

  it.each([
    [7, 'scorer.jury: expected { "members": […], "scale": …, "rubric": "…" }, but got 7'],
    [{ members: ['nix'] }, 'scorer.jury.members[0]: there is no model "nix"'],
    [{}, 'scorer.jury: jury: option "members" is missing'],
    [{ members: [small], rubrc: 'x' }, 'scorer.jury.rubrc: there is no such field; did you mean "rubric"?'],
    [
      { members: [small], scale: { from: 5, to: 1 } },
      'scorer.jury: jury: scale: "to", the best grade, must be above',
    ],
    [{ members: [small], review: { spread: 7 } }, 'scorer.jury.review: needsReview: option "spread" must be'],
    [{ members: [small], retry: { maxAttempts: 0 } }, 'scorer.jury: retry: option "maxAttempts" must be'],
    [{ members: [small], unless: 'never' }, 'scorer.jury.unless: there is no such field'],
  ])('is checked before a call: %j', async (jury, message) => {
    const { code, stdout, stderr } = await runCommand(['run', experimentOf(judged(jury))]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('is as valid for the schema', () => {
    const isValid = (jury: unknown) =>
      new Validator(experimentSchema, '2020-12').validate(judged(jury)).valid;
    const members = [small];
    for (const right of [
      { members },
      { members, scale, review: {}, retry: true },
      { members, scale: 'pairwise' },
    ])
      expect([right, isValid(right)]).toEqual([right, true]);
    for (const wrong of [
      7,
      'small',
      {},
      { members: [] },
      { members, unless: 'never' },
      { members, cache: true },
    ])
      expect([wrong, isValid(wrong)]).toEqual([wrong, false]);
    const { properties } = (experimentSchema as { $defs: { jury: { properties: object } } }).$defs.jury;
    expect(Object.keys(properties).sort()).toEqual(juryFields.toSorted());
  });
});
