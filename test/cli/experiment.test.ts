import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file, large, small, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

describe('crucible-ensemble run', () => {
  it('runs an experiment, shows its progress, and prints a table with the best condition first', async () => {
    const path = experimentOf();
    const { code, stdout, stderr } = await runCommand(['run', path]);
    expect(code).toBe(0);
    const [heading, first, second, empty, account, speed] = stdout.split('\n');
    expect(heading).toMatch(/^condition +accuracy +95 % CI +answered +calls +\$\/question +median +p95$/);
    expect(first).toMatch(/^large +100\.0 % +83\.9–100\.0 +20\/20 +1\.00 +\$0\.01 /);
    expect(second).toMatch(/^small /);
    expect(empty).toBe('');
    expect(account).toBe('40 calls made ($0.22); 0 answers reused');
    expect(speed).toMatch(/^20 questions in \d+\.\d\d s, \d+(?:\.\d)? per second$/);
    expect(stderr.split('\n')).toHaveLength(11);
    expect(stderr).toMatch(/^2\/20 · .*\/s · spent \$0\.\d+.* · best 100 % \(large\)$/m);
    expect(readFileSync(beside(path, 'calls.jsonl'), 'utf8').trim().split('\n')).toHaveLength(41);
    expect(existsSync(beside(path, 'calls.jsonl.lock'))).toBe(false);
  });

  it('makes no calls when it is run again, and prints the same table', async () => {
    const path = experimentOf();
    const first = tableOf((await runCommand(['run', path, '--json'])).stdout);
    const second = tableOf((await runCommand(['run', path, '--json'])).stdout);
    expect(second.account).toMatchObject({ calls: 0, recalled: 40 });
    expect(second.account.recordedUsd).toBeCloseTo(first.account.spentUsd);
    expect(second.conditions).toStrictEqual(first.conditions);
  });

  it('makes only the missing calls when a sample grows', async () => {
    const path = experimentOf();
    await runCommand(['run', path, '--sample', '5']);
    const { stdout } = await runCommand(['run', path, '--sample', '8', '--json']);
    expect(tableOf(stdout).account).toMatchObject({ questions: 8, calls: 6, recalled: 10 });
  });

  // FAULTS 38.
  it('asks changed and added models only, and nothing for other conditions', async () => {
    const path = experimentOf();
    await runCommand(['run', path]);
    const { conditions, ...others } = file;
    const more = { all: { normalization: 'numeric', strategy: 'unanimous', earlyStop: 'decided' } };
    writeFileSync(
      path,
      JSON.stringify({ ...others, conditions: more, concurrency: 3, scorer: { within: { absolute: 1 } } }),
    );
    const accountOf = async () => tableOf((await runCommand(['run', path, '--json'])).stdout).account;
    expect(await accountOf()).toMatchObject({ calls: 0, recalled: 40 });

    const changed = { simulated: { ...large.simulated, accuracy: 0.9 } };
    writeFileSync(path, JSON.stringify({ ...file, models: [small, changed] }));
    expect(await accountOf()).toMatchObject({ calls: 20, recalled: 20 });
    const added = { simulated: { id: 'medium', accuracy: 0.8 } };
    const conditions3 = { ...file.conditions, medium: { models: ['medium'], normalization: 'numeric' } };
    writeFileSync(
      path,
      JSON.stringify({ ...file, models: [small, changed, added], conditions: conditions3 }),
    );
    expect(await accountOf()).toMatchObject({ calls: 20, recalled: 40 });
    expect(readFileSync(beside(path, 'calls.jsonl'), 'utf8').trim().split('\n')).toHaveLength(81);

    // Back to the first models: everything is in the journal.
    writeFileSync(path, JSON.stringify(file));
    expect(await accountOf()).toMatchObject({ calls: 0, recalled: 40 });
  });

  const row = (index: number) => ({
    id: `q${index}`,
    question: `What is ${index} + ${index}?`,
    expected: 2 * index,
  });
  const rows = Array.from({ length: 20 }, (_, index) => row(index));
  it.each([
    ['a grown dataset', [...rows, row(20), row(21)], {}, 4],
    ['a dataset in another order', rows.toReversed(), {}, 0],
    ['corrected labels', rows.map((each) => ({ ...each, expected: 7 })), {}, 0],
    ['other ids', rows.map((each) => ({ ...each, id: `new-${each.id}` })), {}, 0],
    ['more fields', rows.map((each) => ({ ...each, category: 'sums', source: 'me' })), {}, 0],
    [
      'other field names',
      rows.map(({ id, question, expected }) => ({ key: id, prompt: question, label: expected })),
      { idField: 'key', questionField: 'prompt', expectedField: 'label' },
      0,
    ],
    ['a changed question', rows.with(3, { ...row(3), question: 'What is 5 + 1?' }), {}, 2],
  ])('continues a journal with %s', async (_, changed, names, calls) => {
    const path = experimentOf();
    await runCommand(['run', path]);
    writeFileSync(beside(path, 'sums.jsonl'), changed.map((each) => JSON.stringify(each)).join('\n'));
    writeFileSync(path, JSON.stringify({ ...file, dataset: { path: 'sums.jsonl', ...names } }));
    const { code, stdout } = await runCommand(['run', path, '--json']);
    expect(code).toBe(0);
    expect(tableOf(stdout).account).toMatchObject({ calls, recalled: 2 * changed.length - calls });
  });

  it('continues a journal with a fingerprint, as earlier releases wrote it', async () => {
    const path = experimentOf();
    await runCommand(['run', path]);
    const journal = beside(path, 'calls.jsonl');
    const [, ...lines] = readFileSync(journal, 'utf8').split('\n') as [string, ...string[]];
    // Version 1 has no sums, so that the lines can be copied.
    const earlier = { journal: 'crucible-ensemble', version: 1, fingerprint: 'dataset=abc models=def' };
    const withoutSums = lines.filter(Boolean).map((line) => {
      const { sum: __, ...entry } = JSON.parse(line);
      return JSON.stringify(entry);
    });
    writeFileSync(journal, `${[JSON.stringify(earlier), ...withoutSums].join('\n')}\n`);
    const { code, stdout } = await runCommand(['run', path, '--json']);
    expect(code).toBe(0);
    expect(tableOf(stdout).account).toMatchObject({ calls: 0, recalled: 40 });
  });

  it('combines lists into conditions', async () => {
    const path = experimentOf({
      ...file,
      conditions: undefined,
      matrix: {
        models: [['small'], ['small', 'large']],
        execution: ['parallel', { hedged: { hedgeDelayMs: 5 } }],
        normalization: ['numeric'],
      },
    });
    const { conditions } = tableOf((await runCommand(['run', path, '--json'])).stdout);
    expect(conditions.map(({ condition }: { condition: string }) => condition)).toStrictEqual([
      'small parallel',
      'small hedged',
      'small+large parallel',
      'small+large hedged',
    ]);
  });

  it('uses the models of a dataset with recorded responses', async () => {
    const path = experimentOf({
      dataset: 'answers.jsonl',
      models: 'recorded',
      conditions: { both: { normalization: 'boolean' } },
    });
    const responses = [
      { model: 'a', text: 'Yes', latencyMs: 100, costUsd: 0.25 },
      { model: 'b', text: '[yes]', latencyMs: 2000, costUsd: 0.5 },
    ];
    writeFileSync(
      beside(path, 'answers.jsonl'),
      JSON.stringify({ id: '1', question: 'Is 7 prime?', expected: 'yes', responses }),
    );
    const { account, conditions } = tableOf((await runCommand(['run', path, '--json'])).stdout);
    expect(account).toStrictEqual({
      questions: 1,
      calls: 0,
      failures: 0,
      recalled: 2,
      judgeCalls: 0,
      missing: 0,
      unsent: 0,
      spentSource: 'unknown',
      recordedUsd: 0.75,
      recordedSource: 'reported',
    });
    expect(conditions[0]).toMatchObject({ accuracy: 1, costUsdPerQuestion: 0.75 });
    expect(conditions[0].latencyMsP50).toBeCloseTo(2000, -2);
  });

  it('loads a module that exports an experiment, or a function that returns one', async () => {
    const index = new URL('../../src/index.ts', import.meta.url).href;
    const source = (wrap: (options: string) => string) => `import { simulated } from ${JSON.stringify(index)};
      const models = [simulated({ id: 'a', accuracy: 1 })];
      export default ${wrap(`{ dataset: 'sums.jsonl', journal: 'calls.jsonl', conditions: { a: { models, normalization: 'numeric' } } }`)};`;
    for (const wrap of [(options: string) => options, (options: string) => `async () => (${options})`]) {
      const path = experimentOf(source(wrap), 5, 'experiment.ts');
      const { code, stdout } = await runCommand(['run', path, '--json']);
      expect(code).toBe(0);
      expect(tableOf(stdout)).toMatchObject({ conditions: [{ condition: 'a', accuracy: 1, questions: 5 }] });
      expect(existsSync(beside(path, 'calls.jsonl'))).toBe(true);
    }
  });

  it('stops cleanly at an interrupt, and continues in the next run', async () => {
    const slow = { simulated: { id: 'slow', accuracy: 1, latencyMs: 30 } };
    const path = experimentOf({
      ...file,
      models: [slow],
      conditions: { slow: { normalization: 'numeric' } },
      concurrency: 2,
    });
    const controller = new AbortController();
    const journal = beside(path, 'calls.jsonl');
    const { code, stdout, stderr } = await runCommand(['run', path], {
      signal: controller.signal,
      // The first line of progress is printed after a tenth of the questions.
      onErrorWrite: () => controller.abort(),
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/; interrupted after 2 of 20 questions$/m);
    expect(stderr).toContain(
      `interrupted; the finished calls are in ${journal}. Run ${path} again to continue\n`,
    );
    expect(existsSync(`${journal}.lock`)).toBe(false);
    const recorded = readFileSync(journal, 'utf8').split('\n').length - 2;
    expect(recorded).toBeGreaterThanOrEqual(2);
    expect(recorded).toBeLessThan(20);
    const { account } = tableOf((await runCommand(['run', path, '--json'])).stdout);
    expect(account).toMatchObject({ questions: 20, calls: 20 - recorded, recalled: recorded });
  });

  it('shows a bar on a terminal, and prints the table without control codes', async () => {
    const { stdout, stderr } = await runCommand(['run', experimentOf()], { isErrorTTY: true });
    expect(stdout).toContain('large');
    expect(stdout).not.toContain('\u001b');
    expect(stderr).toContain('20/20');
    expect(stderr).toContain('left');
    expect(stderr).toContain('\u001b[?25h');
  });

  it('escapes the control codes of names', async () => {
    const name = '\u001b]52;c;x\u0007evil\u202e';
    const path = experimentOf({ ...file, conditions: { [name]: { normalization: 'numeric' } } });
    const { stdout, stderr } = await runCommand(['run', path]);
    expect(stdout).toContain('\\x1b]52;c;x\\x07evil\\u{202e}');
    const json = await runCommand(['run', path, '--json']);
    expect(tableOf(json.stdout).conditions[0].condition).toBe(name);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for them
    expect(stdout + stderr + json.stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  it('lists every problem of a file, and changes no prototype', async () => {
    const path = experimentOf(
      `{ "dataset": "none.jsonl", "journal": 7, "colour": 1, "__proto__": { "polluted": 1 },
        "models": ["openai/gpt-6-luna", { "simulated": { "id": "a", "accuracy": 3 } }, { "sim": 1 }, null, { "simulated": { "id": "b" } }],
        "conditions": { "__proto__": { "polluted": 1 }, "a": { "models": ["c"], "strategy": "most", "execution": { "hedge": {} } }, "b": 7 },
        "matrix": { "samples": 3 }, "scorer": { "within": { "absolute": -1 } }, "concurrency": 0, "sample": { "size": 0 } }`,
    );
    const { code, stdout, stderr } = await runCommand(['run', path]);
    expect([code, stdout]).toStrictEqual([2, '']);
    for (const fault of [
      '__proto__: there is no such field',
      'colour: there is no such field',
      `dataset: ${beside(path, 'none.jsonl')}: there is no such file`,
      'models[0]: there is no key for openai: set OPENAI_API_KEY',
      'models[1]: simulated: option "accuracy" must be a number from 0 to 1, but got 3',
      'models[2]: expected one of { "simulated": … }, { "recorded": … }, but got "sim"',
      'models[3]: expected a name, { "model": name, … } or { "simulated": … }, but got null',
      'conditions["a"].models: "c" is not listed in "models"',
      'conditions["a"].execution: expected one of',
      'conditions["b"]: expected options, but got 7',
      'condition "a": option "strategy" must be',
      'condition "__proto__": there is no option with this name, a string of 8 characters; the options are name,',
      'matrix: option "samples" must be an array',
      'scorer: within: option "absolute" must be a number of at least 0',
      'journal: expected a path, but got 7',
      'option "concurrency" must be an integer of at least 1',
      'sample: option "size" must be an integer of at least 1',
    ]) {
      expect(stderr).toContain(fault);
    }
    expect(stderr).toContain('See crucible-ensemble run --help.');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('refuses a file of release 0.1.0 with the new names of its options', async () => {
    const path = experimentOf({
      ...file,
      conditions: {
        a: { countUnfinished: true },
        b: { execution: { cascade: { minModels: 1 } } },
        c: { execution: { hedged: { maxExtraCalls: 0.05 } } },
      },
    });
    const { code, stderr } = await runCommand(['run', path]);
    expect(code).toBe(2);
    for (const [before, now] of [
      ['countUnfinished', 'acceptUnfinished'],
      ['minModels', 'minResponses'],
      ['maxExtraCalls', 'maxExtraRatio'],
    ]) {
      expect(stderr).toContain(`there is no option "${before}"; did you mean "${now}"?`);
    }
  });

  it.each([
    ['{', 'invalid JSON: '],
    ['[]', 'expected an object, but got an array of 0'],
    ['{}', 'models: expected a list, or "recorded", but got undefined'],
  ])('refuses a file that holds %s', async (content, fault) => {
    const { code, stderr } = await runCommand(['run', experimentOf(content)]);
    expect(code).toBe(2);
    expect(stderr).toContain(fault);
  });

  it.each([
    ['scorer', { matching: null }, 'matching: expected an options object, but got null'],
    ['scorer', { matching: '(' }, 'matching: expected an options object, but got "("'],
    ['scorer', { matching: { pattern: 5 } }, 'matching: option "pattern" must be a string, but got 5'],
    ['scorer', { matching: { pattern: '(' } }, 'matching: option "pattern" must be a regular expression'],
    ['scorer', { exact: { loosely: true } }, 'exact: there is no option with this name'],
    [
      'normalization',
      { choice: 'A,B' },
      `choice: expected an array of strings, such as ['A', 'B'], but got "A,B"`,
    ],
    [
      'normalization',
      { choice: [1] },
      `choice: expected an array of strings, such as ['A', 'B'], but got an array of 1`,
    ],
    ['earlyStop', { adaptive: 7 }, 'adaptive: expected an options object, but got 7'],
    ['earlyStop', { adaptive: { treshold: 0.9 } }, 'adaptive: there is no option "treshold"'],
    ['execution', { parallel: { atOnce: 2 } }, 'parallel takes no options'],
    ['strategy', { majority: null }, 'majority takes no options'],
  ])('refuses %s: %j', async (option, value, fault) => {
    const others = option === 'scorer' ? { scorer: value } : { conditions: { a: { [option]: value } } };
    const { code, stdout, stderr } = await runCommand(['run', experimentOf({ ...file, ...others })]);
    expect([code, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain(fault);
  });

  it('reports an invalid list once', async () => {
    const matrix = { execution: 'parallel' };
    const path = experimentOf({ ...file, conditions: undefined, matrix });
    const { stderr } = await runCommand(['run', path]);
    expect(stderr).toBe(
      `crucible-ensemble: ${path}: matrix: option "execution" must be an array of at least one value, but got "parallel"\nSee crucible-ensemble run --help.\n`,
    );
  });

  it('does not show an unknown cost as 0', async () => {
    const path = experimentOf({ ...file, models: [{ simulated: { id: 'small' } }], conditions: { a: {} } });
    expect((await runCommand(['run', path])).stderr).toMatch(/^2\/20 · .*\/s · spent an unknown amount/m);
    expect((await runCommand(['run', path])).stderr).toMatch(/^2\/20 · .*\/s · spent \$0\.00/m);
  });

  it('refuses a missing file, and invalid options', async () => {
    const missing = await runCommand(['run', '/nowhere/experiment.json']);
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no such file') });
    const flags = await runCommand(['run', experimentOf(), '--concurrency', 'x', '--sample', '0']);
    expect(flags.code).toBe(2);
    expect(flags.stderr).toContain('--concurrency must be');
    expect(flags.stderr).toContain('--sample must be');
    expect((await runCommand(['run'])).code).toBe(2);
  });

  it('refuses a journal that another process is writing', async () => {
    const path = experimentOf();
    writeFileSync(beside(path, 'calls.jsonl.lock'), '');
    const { code, stderr } = await runCommand(['run', path]);
    expect(code).toBe(1);
    expect(stderr).toContain('No calls were made.');
  });

  // FAULTS 56.
  it.each([
    [
      'run',
      'a bit is flipped',
      (lines: string[]) => lines.with(4, (lines[4] as string).replace('"text":"', '"text":"1')),
    ],
    ['rescore', 'a line is removed', (lines: string[]) => lines.toSpliced(4, 1)],
    ['report', 'a line is repeated', (lines: string[]) => lines.toSpliced(4, 0, lines[3] as string)],
    [
      'tune',
      'two lines are swapped',
      (lines: string[]) => lines.with(4, lines[5] as string).with(5, lines[4] as string),
    ],
  ])('%s refuses a journal in which %s, and says what to do', async (command, _, damage) => {
    const path = experimentOf();
    await runCommand(['run', path]);
    const journal = beside(path, 'calls.jsonl');
    const damaged = damage(readFileSync(journal, 'utf8').split('\n')).join('\n');
    writeFileSync(journal, damaged);
    const flags = command === 'tune' ? ['--panel', beside(path, 'panel.json')] : [];
    const { code, stdout, stderr } = await runCommand([command, path, ...flags]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      `${journal}, line 5: this line is damaged, or a line before it was changed or removed`,
    );
    expect(stderr).toContain('keep the first 4 lines (head -n 4), and the other calls are made again');
    expect(stderr).toContain('No further calls were made.');
    expect(readFileSync(journal, 'utf8')).toBe(damaged);
    // What the message says to do.
    writeFileSync(
      journal,
      damaged
        .split('\n')
        .slice(0, 4)
        .map((line) => `${line}\n`)
        .join(''),
    );
    const again = await runCommand(['run', path]);
    expect(again.stdout).toContain('37 calls made');
    expect(again.stdout).toContain('3 answers reused');
  });

  // FAULTS 36: EACCES, which root never gets.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'makes no calls if it may not write the journal',
    async () => {
      const path = experimentOf({ ...file, journal: 'locked/calls.jsonl' });
      mkdirSync(beside(path, 'locked'));
      chmodSync(beside(path, 'locked'), 0o500);
      const { code, stderr } = await runCommand(['run', path]);
      expect(code).toBe(1);
      expect(stderr).toContain('cannot be written: EACCES');
    },
  );

  // FAULTS 36, for root too.
  it('makes no calls if the journal is a folder', async () => {
    const path = experimentOf({ ...file, journal: 'folder' });
    mkdirSync(beside(path, 'folder'));
    const { code, stdout, stderr } = await runCommand(['run', path]);
    expect([code, stdout]).toStrictEqual([1, '']);
    expect(stderr).toContain('cannot be written: EISDIR');
  });

  // FAULTS 36: this device has no room for a single byte, and nothing is read from a device again.
  it.skipIf(!existsSync('/dev/full'))('makes no calls if the journal is a device', async () => {
    const path = experimentOf({ ...file, journal: '/dev/full' });
    const { code, stdout, stderr } = await runCommand(['run', path]);
    expect([code, stdout]).toStrictEqual([1, '']);
    expect(stderr).toContain('cannot be written: it is not a regular file');
  });
});

describe('crucible-ensemble rescore', () => {
  it('runs other conditions on recorded calls, and makes no calls', async () => {
    const path = experimentOf();
    await runCommand(['run', path]);
    const before = readFileSync(beside(path, 'calls.jsonl'));
    const conditions = {
      cascade: { execution: 'cascade', normalization: 'numeric' },
      all: { strategy: 'unanimous', normalization: 'numeric' },
    };
    writeFileSync(path, JSON.stringify({ ...file, conditions }));
    const { code, stdout } = await runCommand(['rescore', path, '--json']);
    expect(code).toBe(0);
    expect(tableOf(stdout).account).toMatchObject({ calls: 0, recalled: 40 });
    expect(readFileSync(beside(path, 'calls.jsonl'))).toStrictEqual(before);
  });

  it('marks calls that are not recorded, and does not take them for wrong answers', async () => {
    const path = experimentOf();
    await runCommand(['run', path, '--sample', '5']);
    const { code, stdout: json } = await runCommand(['rescore', path, '--json']);
    const { conditions, account } = tableOf(json);
    expect(code).toBe(1);
    expect(conditions[1]).toMatchObject({ condition: 'large', questions: 20, answered: 5, accuracy: 1 });
    expect(account).toMatchObject({ calls: 0, recalled: 10, missing: 30 });
    const { stdout, stderr } = await runCommand(['rescore', path]);
    expect(stdout).toContain('10 answers reused (originally $0.055); 30 calls are not recorded');
    expect(stdout).toMatch(/^large: 15 of 20 calls of large are not recorded, for example at q\d+$/m);
    expect(stderr).toContain('crucible-ensemble: 30 of 40 calls are not recorded: make them with run\n');
  });
});
