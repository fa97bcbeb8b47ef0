import { readFileSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { beside, experimentOf, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const at = (room: string) => JSON.stringify(new URL(`../../src/${room}`, import.meta.url).href);

const counter = globalThis as { judged?: number };

beforeEach(() => {
  counter.judged = 0;
});

/** An experiment whose judge is `ensemble`, an expression about the model `grader` and the journal `verdicts`. */
const judgedBy = (ensemble: string): string =>
  experimentOf(
    `import { createEnsemble, defineModel, simulated } from ${at('index.ts')};
    import { createAutoEnsemble } from ${at('auto/auto.ts')};
    import { journaled, judge } from ${at('experiment/experiment.ts')};
    import { retry } from ${at('policies/policies.ts')};
    import { openJournal } from ${at('node/node.ts')};
    const grader = defineModel('grader', (text) => {
      globalThis.judged += 1;
      return { text: 'yes', costUsd: 0.001 };
    });
    globalThis.verdicts ??= new Map();
    const path = new URL('verdicts.jsonl', import.meta.url).pathname;
    const verdicts = globalThis.verdicts.get(path) ?? (await openJournal(path));
    globalThis.verdicts.set(path, verdicts);
    export default {
      dataset: 'sums.jsonl',
      journal: 'calls.jsonl',
      conditions: { a: { models: [simulated({ id: 'a', accuracy: 1, costUsd: 0.01 })], normalization: 'numeric' } },
      scorer: judge({ ensemble: ${ensemble} }),
    };`,
    5,
    'experiment.ts',
  );

const plain = 'createEnsemble({ models: [grader] })';
const recorded = 'createEnsemble({ models: [journaled({ journal: verdicts })(grader)] })';

describe('the calls of a judge', () => {
  it('are counted with their cost', async () => {
    const { code, stdout } = await runCommand(['run', judgedBy(plain)]);
    expect([code, counter.judged]).toStrictEqual([0, 5]);
    expect(stdout).toMatch(/^10 calls made \(\$0\.055\), 5 by the judge; 0 answers reused$/m);
  });

  it('are counted each time if they are not journaled, and reused if they are', async () => {
    for (const [ensemble, again, line] of [
      [plain, 10, /^5 calls made \(\$0\.005\), 5 by the judge; 5 answers reused \(originally \$0\.05\)$/m],
      [recorded, 5, /^0 calls made; 10 answers reused \(originally \$0\.055\)$/m],
    ] as const) {
      counter.judged = 0;
      const path = judgedBy(ensemble);
      await runCommand(['run', path]);
      const { stdout } = await runCommand(['run', path]);
      expect(counter.judged).toBe(again);
      expect(stdout).toMatch(line);
    }
  });
});

describe.each(['rescore', 'report'])('%s of an experiment with a judge', (command) => {
  it.each([
    ['without a journal', plain],
    [
      'with a policy around its journal',
      'createEnsemble({ models: [retry()(journaled({ journal: verdicts })(grader))] })',
    ],
    ['that chooses its models', 'createEnsemble({ models: () => [grader] })'],
    ['of an ensemble of names', 'createAutoEnsemble({ models: [grader] })'],
  ])('%s makes no call, and says why nothing is scored', async (_, ensemble) => {
    const path = judgedBy(ensemble);
    await runCommand(['run', path]);
    const before = counter.judged;
    const { code, stdout, stderr } = await runCommand([command, path]);
    expect([code, counter.judged]).toStrictEqual([1, before]);
    expect(stdout).toMatch(/^a +– +5\/5 /m);
    expect(stdout).toMatch(/^a: no accuracy: none of its answers could be scored$/m);
    expect(stdout).toMatch(
      /^a: 5 questions not scored, for example at q0: the judge gave no verdict: .*not journaled, and a rescoring makes no calls: wrap it last, in journaled/m,
    );
    expect(stdout).toMatch(/^0 calls made; 5 answers reused .*; 5 calls are not recorded$/m);
    expect(stderr).toContain('no answer of a could be scored');
  });

  it('with a journal takes its verdicts from there, and makes no call', async () => {
    const path = judgedBy(recorded);
    await runCommand(['run', path]);
    const report = beside(path, 'r.md');
    const { code, stdout } = await runCommand([command, path, '--report', report]);
    expect([code, counter.judged]).toStrictEqual([0, 5]);
    expect(stdout).toMatch(/^a +100\.0 % /m);
    expect(stdout).toMatch(/^0 calls made; 10 answers reused \(originally \$0\.055\)$/m);
    expect(readFileSync(report, 'utf8')).toContain('100.0 %');
  });

  it('that is no ensemble of the library is refused, because it may make calls', async () => {
    const path = judgedBy(
      "{ predict: async () => { globalThis.judged += 1; return createEnsemble({ models: [grader] }).predict('?'); } }",
    );
    await runCommand(['run', path]);
    const before = counter.judged;
    const { code, stderr } = await runCommand([command, path]);
    expect([code, counter.judged]).toStrictEqual([2, before]);
    expect(stderr).toContain('is a judge that may make calls, and a rescoring makes none');
  });
});

it('leaves a judge without verdicts out of the comparisons', async () => {
  const path = experimentOf(
    `import { createEnsemble, defineModel } from ${at('index.ts')};
    import { judge } from ${at('experiment/experiment.ts')};
    const saying = (id) => ({ models: [defineModel(id, (text) => id + text)] });
    const grader = defineModel('grader', (text) => (text.includes('<answer>\\nb') ? 'It depends.' : 'yes'));
    export default {
      dataset: 'sums.jsonl',
      conditions: { a: saying('a'), b: saying('b'), c: saying('c') },
      scorer: judge({ ensemble: createEnsemble({ models: [grader] }) }),
    };`,
    6,
    'experiment.ts',
  );
  const card = beside(path, 'r.json');
  const { code, stdout } = await runCommand(['run', path, '--report', card, '--json']);
  expect(code).toBe(1);
  expect(tableOf(stdout).conditions[1]).toMatchObject({ condition: 'b', accuracy: null });
  const { comparisons } = JSON.parse(readFileSync(card, 'utf8'));
  expect(
    comparisons.map(({ first, second }: { first: string; second: string }) => first + second),
  ).toStrictEqual(['ac']);
});

it('takes no accuracy from questions on which the calls of a judge failed', async () => {
  const path = experimentOf(
    `import { createEnsemble, defineModel, simulated } from ${at('index.ts')};
    import { judge } from ${at('experiment/experiment.ts')};
    const one = (id) => ({ models: [simulated({ id, accuracy: 1 })], normalization: 'numeric' });
    const grader = defineModel('grader', (text) => {
      if (/What is [02468] /.test(text)) throw new Error('down');
      return 'yes';
    });
    export default {
      dataset: 'sums.jsonl',
      conditions: { a: one('a'), b: one('b') },
      scorer: judge({ ensemble: createEnsemble({ models: [grader] }) }),
    };`,
    10,
    'experiment.ts',
  );
  const card = beside(path, 'r.json');
  const { code, stdout, stderr } = await runCommand(['run', path, '--report', card]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^a +100\.0 % +[\d.–]+ +5\/10 +5 /m);
  expect(stdout).toContain(
    'all conditions: 5 of 10 questions are left out of all figures, because calls failed',
  );
  expect(stdout).toMatch(
    /^all conditions: 5 questions not scored, for example at q0: the judge gave no verdict: /m,
  );
  expect(stderr).toContain('calls failed or are missing for more than 5 % of the questions of a, b');
  expect(JSON.parse(readFileSync(card, 'utf8'))).toMatchObject({
    comparisons: [],
    conditions: [{ leftOut: { failed: 5, notRecorded: 0 }, labelled: 5, right: 5 }, {}],
  });
});

/** An experiment whose models say something of their own, so that most answers lose the vote. */
const tunedBy = (ensemble: string, conditions: string): string =>
  experimentOf(
    `import { createEnsemble, defineModel } from ${at('index.ts')};
    import { journaled, judge, memoryJournal } from ${at('experiment/experiment.ts')};
    const saying = (id) => defineModel(id, (text) => id + text);
    const [x, y, z] = ['x', 'y', 'z'].map(saying);
    const grader = defineModel('grader', (text) => {
      globalThis.judged += 1;
      return /<answer>\\s*[xz]/.test(text) ? 'yes' : 'no';
    });
    globalThis.memories ??= new Map();
    const verdicts = globalThis.memories.get(import.meta.url) ?? memoryJournal();
    globalThis.memories.set(import.meta.url, verdicts);
    export default {
      dataset: 'sums.jsonl',
      journal: 'calls.jsonl',
      conditions: { all: { models: [x, y, z] }, ${conditions} },
      scorer: judge({ ensemble: ${ensemble} }),
    };`,
    20,
    'experiment.ts',
  );
const alone = 'x: { models: [x] }, y: { models: [y] }, z: { models: [z] }';

describe('tune with a judge', () => {
  it.each([
    ['is not journaled', plain, alone],
    ['has not seen each answer', recorded, ''],
  ])('makes no call if the judge %s, and says what to do', async (_, ensemble, conditions) => {
    const path = tunedBy(ensemble, conditions);
    await runCommand(['run', path]);
    const before = counter.judged;
    const { code, stderr } = await runCommand(['tune', path]);
    expect([code, counter.judged]).toStrictEqual([2, before]);
    expect(stderr).toContain(
      'scorer: the judge has no recorded verdict on each answer to 20 questions, for example "q0", and tune makes no calls; make the models of the judge journaled',
    );
  });

  it('takes recorded verdicts on the answer of each model, without a call', async () => {
    const path = tunedBy(recorded, alone);
    await runCommand(['run', path]);
    const before = counter.judged;
    const { code, stdout } = await runCommand(['tune', path, '--json']);
    expect([code, counter.judged]).toStrictEqual([0, before]);
    expect(JSON.parse(stdout).bestSingle.accuracy.value).toBe(1);
  });

  it('is refused if its calls cannot be prevented', async () => {
    const path = tunedBy(
      '{ predict: (...query) => createEnsemble({ models: [grader] }).predict(...query) }',
      alone,
    );
    await runCommand(['run', path]);
    const before = counter.judged;
    const { code, stderr } = await runCommand(['tune', path]);
    expect([code, counter.judged]).toStrictEqual([2, before]);
    expect(stderr).toContain('is a judge that may make calls');
  });
});

it.each(['rescore', 'report'])(
  '%s counts the recorded failure of a judge as found, not as a call',
  async (command) => {
    const path = judgedBy(recorded);
    const source = readFileSync(path, 'utf8').replace(
      'globalThis.judged += 1;',
      "globalThis.judged += 1; if (/What is 0 /.test(text)) throw new Error('down');",
    );
    writeFileSync(path, source);
    const ran = await runCommand(['run', path]);
    expect(ran.stdout).toMatch(/^10 calls made \(.*\), 5 by the judge, 1 failed; 0 answers reused$/m);
    const { stdout } = await runCommand([command, path]);
    expect(counter.judged).toBe(5);
    expect(stdout).toMatch(/^0 calls made; 10 answers reused /m);
  },
);
