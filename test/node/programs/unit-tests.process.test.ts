import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it, test } from 'vitest';
import { codeIn } from '../../../src/checks/checks.ts';
import { createEnsemble, defineModel, firstAnswer, InsufficientResponsesError } from '../../../src/index.ts';
import { compiles, type UnitTestsOptions, unitTests } from '../../../src/node/node.ts';
import { openaiCompatible } from '../../../src/providers/openai-compatible.ts';
import { tasks, testsOf, writtenAs } from './tasks.ts';

/** What a check says of a code. */
const saidOf = async (check: ReturnType<typeof unitTests>, code: string) => {
  const { outcomes } = await createEnsemble({
    models: [defineModel('coder', () => code), defineModel('other', () => 'x')],
    normalization: codeIn,
    check: async (answer, context) => answer === 'x' || (await check(answer, context)),
    minResponses: 1,
  }).predict('?');
  const [outcome] = outcomes;
  if (outcome?.status === 'answered') return true;
  return outcome?.status === 'abstained' ? outcome : outcome?.status;
};

const ONE = `
  import assert from 'node:assert/strict';
  import { one } from './code.mjs';
  assert.equal(one, 1);
`;
const right = 'export const one = 1;';

describe('20 programming tasks, answered over HTTP', () => {
  /** Serves models: one that has no answer keeps its request open. */
  const serving = async (answers: Readonly<Record<string, string>>) => {
    const closed: string[] = [];
    const server = createServer(async (request, response) => {
      const { model } = JSON.parse(await textOf(request));
      const content = answers[model];
      if (content === undefined) {
        response.on('close', () => closed.push(model));
        return;
      }
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const models = ['wrong', 'right', 'endless'].map((id) => openaiCompatible(id, { baseURL, id }));
    const close = async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { models, closed, close };
  };

  it('are 20', () => expect(tasks).toHaveLength(20));

  test.each(tasks)('$name: the first answer that passes wins, and the others are closed', async (task) => {
    const { models, closed, close } = await serving({
      wrong: writtenAs(task.wrong),
      right: writtenAs(task.right),
    });
    const { answer, outcomes } = await createEnsemble({
      models,
      normalization: codeIn,
      check: unitTests({ tests: testsOf(task), timeoutMs: 60_000 }),
      earlyStop: firstAnswer(),
      minResponses: 1,
    }).predict(task.name);
    expect(answer).toBe(`${task.right}\n`);
    expect(outcomes.map(({ status }) => status)).toStrictEqual([
      expect.stringMatching(/^(abstained|cancelled)$/),
      'answered',
      'cancelled',
    ]);
    await expect.poll(() => closed).toStrictEqual(['endless']);
    await close();
  });

  test.each(tasks)('$name: the wrong answer does not pass, and says why', async (task) => {
    const said = await saidOf(unitTests({ tests: testsOf(task), timeoutMs: 60_000 }), writtenAs(task.wrong));
    expect(said).toMatchObject({
      status: 'abstained',
      reason: expect.stringMatching(
        /^\d of \d tests? passed; "case \d" failed: |^the code cannot be loaded: SyntaxError/,
      ),
      passed: expect.any(Number),
    });
  });
});

/** A duration of `sleep` that no other process of the machine has. */
const SLEEP = `60.${process.pid}`;

const sleeping = (): number =>
  execFileSync('ps', ['-eo', 'args'])
    .toString()
    .split('\n')
    .filter((line) => line.trim() === `sleep ${SLEEP}`).length;

describe('programs that do harm', () => {
  const limits = { timeoutMs: 60_000, memoryMb: 256, maxOutputBytes: 10_000 };
  test.each<[string, string, RegExp]>([
    ['an endless loop', 'for (;;) {}', /^the program did not end within 3000 ms$/],
    [
      'a wait for what never comes',
      'await new Promise(() => {});',
      /^the program ended before its tests did: a top-level `await` waits for what never comes$/,
    ],
    [
      'its own end by a signal',
      "process.kill(process.pid, 'SIGTERM'); await new Promise((resolve) => setTimeout(resolve, 1e4));",
      /^the program ended before its tests did, by SIGTERM$/,
    ],
    [
      'an end with last words',
      "console.log('bye'); process.exit(3);",
      /^the program ended before its tests did, with the exit code 3: bye$/,
    ],
    [
      'an endless wait',
      'await new Promise((resolve) => setTimeout(resolve, 1e9));',
      /^the program did not end within/,
    ],
    [
      'a full heap',
      'const a = []; for (;;) a.push(new Array(1e5).fill(Math.random()));',
      /needed more than 256 MiB/,
    ],
    ['4 GB outside of the heap', 'Buffer.alloc(4 * 2 ** 30, 1);', /needed more than 256 MiB/],
    [
      'an endless output',
      "for (;;) process.stdout.write('x'.repeat(1000));",
      /printed more than 10000 bytes/,
    ],
    [
      'a file',
      "import { writeFileSync } from 'node:fs'; writeFileSync('out.txt', 'x');",
      /cannot be loaded: Error: Access to this API has been restricted/,
    ],
    [
      'the files of others',
      "import { readFileSync } from 'node:fs'; readFileSync('/etc/passwd');",
      /Access to this API has been restricted/,
    ],
    [
      'children',
      "import { spawn } from 'node:child_process'; for (;;) spawn('sleep', ['60']);",
      /Access to this API has been restricted/,
    ],
    [
      'a worker',
      "import { Worker } from 'node:worker_threads'; new Worker('1', { eval: true });",
      /Access to this API has been restricted/,
    ],
    [
      'the environment',
      "if (Object.keys(process.env).some((name) => /KEY|PATH/.test(name))) throw new Error('seen'); export const one = 2;",
      /1 !== 2|2 !== 1/,
    ],
    ['its own end', 'process.exit(0);', /^the program ended before its tests did, with the exit code 0$/],
    [
      'results of its own',
      "import { writeSync } from 'node:fs'; writeSync(3, JSON.stringify({ assertions: 1, results: [{ name: 'x', passed: true }] })); process.exit(0);",
      /ended before its tests did/,
    ],
    [
      'assertions that always hold',
      "import assert from 'node:assert/strict'; assert.equal = () => undefined; export const one = 2;",
      /cannot be loaded: TypeError: Cannot assign to read only/,
    ],
  ])(
    '%s costs nothing but its answer',
    async (_what, code, reason) => {
      const ensemble = createEnsemble({
        models: [`${code}\nexport {};`, right].map((text, index) =>
          defineModel(`coder-${index}`, () => ({ text, costUsd: 0.01 })),
        ),
        normalization: codeIn,
        check: unitTests({
          tests: ONE,
          ...limits,
          ...(/did not end/.test(reason.source) && { timeoutMs: 3_000 }),
        }),
        minResponses: 1,
      });
      const { answer, outcomes, metadata } = await ensemble.predict('?');
      expect(answer).toBe(right);
      expect(outcomes[0]).toMatchObject({ status: 'abstained', reason: expect.stringMatching(reason) });
      expect(metadata).toMatchObject({ status: 'complete', costUsd: 0.02 });
    },
    90_000,
  );

  it('of a command are ended with all their children', async () => {
    // Starts children without end, 30 at most, each of which waits.
    const code = `
      import { spawn } from 'node:child_process';
      for (let n = 0; n < 30; n += 1) console.log(spawn('sleep', ['${SLEEP}'], { stdio: 'ignore' }).pid);
      setInterval(() => {}, 1000);`;
    let output = '';
    const check = unitTests({
      tests: 'none',
      command: [process.execPath, 'code.mjs'],
      timeoutMs: 3_000,
      count: (printed) => {
        output = printed;
        return { passed: 0, total: 1 };
      },
    });
    expect(await saidOf(check, code)).toMatchObject({ reason: 'the program did not end within 3000 ms' });
    expect(output).toBe('');
    await expect.poll(sleeping).toBe(0);
  });

  it('that leave children behind when they exit leave none', async () => {
    const code = `
      import { spawn } from 'node:child_process';
      spawn('sleep', ['${SLEEP}'], { stdio: 'inherit' });
      process.exit(0);`;
    expect(await saidOf(unitTests({ tests: 'none', command: [process.execPath, 'code.mjs'] }), code)).toBe(
      true,
    );
    await expect.poll(sleeping).toBe(0);
  });

  it('are ended when another answer wins', async () => {
    const { outcomes } = await createEnsemble({
      models: ['await new Promise((resolve) => setTimeout(resolve, 1e9));', right].map((text, index) =>
        defineModel(`coder-${index}`, () => text),
      ),
      normalization: codeIn,
      check: unitTests({ tests: ONE, timeoutMs: 600_000 }),
      earlyStop: firstAnswer(),
      minResponses: 1,
    }).predict('?');
    expect(outcomes.map(({ status }) => status)).toStrictEqual(['cancelled', 'answered']);
    await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
  });
});

describe('what passes by accident', () => {
  const fine = 'export const one = 1;';
  test.each<[string, UnitTestsOptions, string, string]>([
    ['no code', { tests: ONE }, '```js\n```', 'the answer has no code'],
    [
      'tests without an assertion',
      { tests: "import test from 'node:test'; test('x', () => {});" },
      fine,
      'no assertion of node:assert ran',
    ],
    ['a module without tests', { tests: "import './code.mjs';" }, fine, 'no assertion of node:assert ran'],
    [
      'tests that are skipped',
      { tests: "import test from 'node:test'; test.skip('x', () => {});" },
      fine,
      'no test ran',
    ],
    [
      'assertions of the code',
      { tests: "import './code.mjs';" },
      "import assert from 'node:assert'; assert.ok(true);",
      'no assertion of node:assert ran',
    ],
    ['no tests for the question', { tests: () => ' ' }, fine, 'unitTests got no tests for this question'],
    [
      'a count of none',
      { tests: 'x', command: ['true'], count: () => ({ passed: 0, total: 0 }) },
      fine,
      'no test ran',
    ],
  ])('is refused: %s', async (_what, options, code, reason) => {
    expect(await saidOf(unitTests(options), code)).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  test.each([
    [
      'assert itself',
      "import assert from 'node:assert'; import { one } from './code.mjs'; assert(one === 1);",
    ],
    ['a named assertion', "import { equal } from 'assert'; import { one } from './code.mjs'; equal(one, 1);"],
    [
      'a rejection',
      "import assert from 'assert/strict'; await assert.rejects(async () => { throw new Error('x'); });",
    ],
    [
      'a suite',
      "import { describe, it } from 'node:test'; import assert from 'node:assert/strict'; describe('a', () => { it('b', () => assert.ok(1)); });",
    ],
  ])('is not %s', async (_what, tests) => {
    expect(await saidOf(unitTests({ tests }), fine)).toBe(true);
  });

  it('is not a suite whose hook fails', async () => {
    const tests =
      "import { before, describe, it } from 'node:test'; import assert from 'node:assert'; describe('a', () => { before(() => { throw new Error('down'); }); it('b', () => assert.ok(1)); });";
    expect(await saidOf(unitTests({ tests }), fine)).toMatchObject({ status: 'abstained' });
  });
});

describe('a reason names no folder, so that it is the same in each run', () => {
  test.each<[string, string, string]>([
    ['a test at top level', 'export const one = 2;', '0 of 1 tests passed; "tests.mjs" failed: '],
    [
      'a missing export',
      'export const two = 2;',
      '0 of 1 tests passed; "tests.mjs" failed: The requested module',
    ],
    [
      'a missing module',
      "import './missing.mjs'; export const one = 1;",
      "the code cannot be loaded: Error: Cannot find module 'missing.mjs' imported from code.mjs",
    ],
    ['an URL', 'throw new Error(import.meta.url);', 'the code cannot be loaded: Error: code.mjs'],
    [
      'a long message',
      "throw new Error('x'.repeat(480) + import.meta.url);",
      `the code cannot be loaded: Error: ${'x'.repeat(480)}code.mjs`,
    ],
    [
      'an output',
      'console.log(import.meta.filename, import.meta.url); process.exit(1);',
      'the program ended before its tests did, with the exit code 1: code.mjs code.mjs',
    ],
  ])('of %s', async (_what, code, reason) => {
    const said = await Promise.all([1, 2].map(() => saidOf(unitTests({ tests: ONE }), code)));
    const [one, other] = said.map((each) => (each as { reason: string }).reason);
    expect(one).toBe(other);
    expect(one).toContain(reason);
    expect(one).not.toContain('crucible-ensemble-');
  });

  it('of a command', async () => {
    const command = (folder: string) => [process.execPath, `${folder}/code.mjs`];
    const code = 'console.log(import.meta.filename); process.exitCode = 2;';
    expect(await saidOf(unitTests({ tests: 'x', command }), code)).toMatchObject({
      reason: 'the tests ended with 2: code.mjs',
    });
    expect(await saidOf(compiles({ command }), code)).toMatchObject({
      reason: 'the code does not compile: code.mjs',
    });
  });
});

it('tests TypeScript in a file of that name', async () => {
  const check = unitTests({ tests: ONE.replace('code.mjs', 'code.ts'), file: 'code.ts' });
  expect(await saidOf(check, 'export const one: number = 1;')).toBe(true);
  expect(await saidOf(check, 'export const one: number = 2;')).toMatchObject({ passed: 0 });
});

it('names the nearest miss if none passes', async () => {
  const tests = testsOf({
    uses: 'f',
    asserts: ['assert.equal(f(1), 1);', 'assert.equal(f(2), 4);', 'assert.equal(f(3), 9);'],
  } as never);
  const codes = [
    'export const f = () => 0;',
    'export const f = (x) => (x < 3 ? x * x : 0);',
    'export const f = (x) => x;',
  ];
  const error = await createEnsemble({
    models: codes.map((text, index) => defineModel(`coder-${index}`, () => text)),
    normalization: codeIn,
    check: unitTests({ tests }),
    earlyStop: firstAnswer(),
    minResponses: 1,
  })
    .predict('Square a number.')
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InsufficientResponsesError);
  const { nearestMiss, message } = error as InsufficientResponsesError;
  expect(nearestMiss).toMatchObject({ model: 'coder-1', text: codes[1], passed: 2 / 3 });
  expect(message).toContain('; the nearest miss is that of coder-1: 2 of 3 tests passed; "case 3" failed: ');
  expect(JSON.stringify(error)).not.toContain(codes[1]);
});

describe('a command', () => {
  it('has the files in its folder, and an environment without keys', async () => {
    process.env.CRUCIBLE_TEST_KEY = 'secret';
    try {
      const check = unitTests({
        tests: 'test -f code.py && test -z "$CRUCIBLE_TEST_KEY" && ls',
        file: 'code.py',
        testsFile: 'tests.sh',
        command: (folder) => ['sh', `${folder}/tests.sh`],
        count: (output) => ({ passed: output === 'code.py\ntests.sh\n' ? 1 : 0, total: 1 }),
      });
      expect(await saidOf(check, 'x = 1')).toBe(true);
    } finally {
      delete process.env.CRUCIBLE_TEST_KEY;
    }
  });

  it('that does not exist is told, and is not the fault of the answer', async () => {
    expect(await saidOf(unitTests({ tests: 'x', command: ['no-such-program'] }), 'x = 1')).toMatchObject({
      reason: expect.stringContaining('unitTests cannot start the program (ENOENT): install it'),
    });
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new RangeError('secret');
      },
    ],
    ['is async', async () => ({ passed: 1, total: 1 })],
    ['returns no count', () => ({ passed: 2, total: 1 })],
    ['returns nothing', () => undefined],
  ])('whose count %s does not pass', async (_what, count) => {
    const check = unitTests({ tests: 'x', command: ['true'], count: count as never });
    expect(await saidOf(check, 'x = 1')).toMatchObject({ reason: expect.stringMatching(/^check /) });
  });

  it('fails with its exit code and its last line', async () => {
    const check = unitTests({
      tests: 'echo "1 failed"; exit 3',
      testsFile: 'tests.sh',
      command: ['sh', 'tests.sh'],
    });
    expect(await saidOf(check, 'x = 1')).toMatchObject({
      reason: 'the tests ended with 3: 1 failed',
      passed: 0,
    });
  });
});

describe('compiles', () => {
  it('takes code that compiles, without running it', async () => {
    expect(await saidOf(compiles(), 'export const a = 1; process.exit(1);')).toBe(true);
  });

  test.each([
    ['const a = ;', 'the code does not compile: SyntaxError: Unexpected token'],
    ['', 'the answer has no code'],
  ])('refuses %j', async (code, reason) => {
    expect(await saidOf(compiles(), `\`\`\`js\n${code}\n\`\`\``)).toMatchObject({
      reason: expect.stringContaining(reason),
    });
  });

  it('asks a compiler of another language', async () => {
    const check = compiles({ file: 'code.sh', command: ['sh', '-n', 'code.sh'] });
    expect(await saidOf(check, 'echo hi')).toBe(true);
    expect(await saidOf(check, 'if then')).toMatchObject({
      reason: expect.stringContaining('does not compile: '),
    });
  });
});
