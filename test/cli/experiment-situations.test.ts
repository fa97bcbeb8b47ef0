import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file, large, small, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

describe('rescore and report without a record', () => {
  it.each(['rescore', 'report', 'tune'])('%s refuses an experiment without a journal', async (command) => {
    const { journal: _, ...others } = file;
    const path = experimentOf(others);
    const { code, stdout, stderr } = await runCommand([command, path]);
    expect([code, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain(
      `${path}: journal: there are no recorded calls: name the journal of a run here or with --journal; if there is none, name a new one, and run the experiment first`,
    );
  });

  it.each(['rescore', 'report', 'tune'])('%s refuses a journal that does not exist', async (command) => {
    const path = experimentOf();
    const { code, stdout, stderr } = await runCommand([command, path]);
    expect([code, stdout]).toStrictEqual([2, '']);
    expect(stderr).toContain(`${beside(path, 'calls.jsonl')}`);
    expect(stderr).toContain('there is no such file');
    expect(existsSync(beside(path, 'experiment.html'))).toBe(false);
  });
});

describe('a model that was never recorded', () => {
  const recordOf = async () => {
    const path = experimentOf();
    await runCommand(['run', path]);
    const medium = { simulated: { id: 'medium', accuracy: 0.7 } };
    const conditions = {
      ...file.conditions,
      medium: { models: ['medium'], normalization: 'numeric' },
      three: { normalization: 'numeric' },
    };
    writeFileSync(path, JSON.stringify({ ...file, models: [small, large, medium], conditions }));
    return path;
  };

  it('is named by rescore, which exits with 1', async () => {
    const { code, stdout, stderr } = await runCommand(['rescore', await recordOf()]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^medium +– +0\/20 /m);
    expect(stdout).toMatch(
      /^medium, three: no call of medium is recorded, of 20 that are needed, for example at q0$/m,
    );
    expect(stdout).toMatch(/40 answers reused \(originally \$0\.22\); 20 calls are not recorded$/m);
    expect(stderr).toContain('20 of 60 calls are not recorded: make them with run');
  });

  it('leaves a panel with it without any figure, and those of the others exact', async () => {
    const { stdout } = await runCommand(['rescore', await recordOf()]);
    expect(stdout).toMatch(/^large .* \$0\.01 /m);
    expect(stdout).toMatch(/^medium +– +0\/20 +20 +– +– +– +–$/m);
    expect(stdout).toMatch(/^three +– +0\/20 +20 +– +– +– +–$/m);
    expect(stdout).toMatch(
      /^medium, three: no accuracy, and left out of comparisons: the record of all 20 questions is incomplete$/m,
    );
  });

  it('is named by report, which does not say that its figures are from the record', async () => {
    const path = await recordOf();
    const { code } = await runCommand(['report', path]);
    expect(code).toBe(1);
    const page = readFileSync(beside(path, 'experiment.html'), 'utf8');
    expect(page).toContain('20 of 60 calls are not recorded; the others were replayed.');
    expect(page).not.toContain('replayed from recorded calls');
    expect(page).toContain('no call of medium is recorded, of 20 that are needed');
  });
});

describe('a wrong normalization', () => {
  // A scorer of which the right answers fit any normalization.
  const scorer = { matching: { pattern: '\\d' } };

  it('with which every answer abstains leaves no accuracy, says why, and exits with 1', async () => {
    const conditions = {
      right: { normalization: 'numeric' },
      wrong: { normalization: 'boolean' },
    };
    const { code, stdout, stderr } = await runCommand(['run', experimentOf({ ...file, conditions, scorer })]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^wrong +– +0\/20 /m);
    expect(stdout).toMatch(
      /^wrong: no accuracy, and left out of comparisons: none of its 20 questions was answered$/m,
    );
    expect(stdout).toMatch(
      /^wrong: all 20 calls of small gave no answer, for example at q0: a yes or no was not found$/m,
    );
    expect(stderr).toContain('no question was answered by wrong; the reasons are below the table');
    // The other condition is measured all the same.
    expect(stdout).toMatch(/^right +\d+\.\d % /m);
    expect(stderr).toMatch(/20\/20 .* best \d+ % \(right\)$/m);
  });

  it('with which all answers differ is named, with one that would fit', async () => {
    const index = JSON.stringify(new URL('../../src/index.ts', import.meta.url).href);
    const path = experimentOf(
      `import { defineModel } from ${index};
      const models = ['Well, I would say', 'Surely', 'Adding them gives'].map((start, n) =>
        defineModel('m' + n, (text) => start + ' ' + 2 * Number(/\\d+/.exec(text)[0])));
      export default { dataset: 'sums.jsonl', conditions: { prose: { models } } };`,
      5,
      'experiment.ts',
    );
    const { code, stdout } = await runCommand(['run', path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^prose: 5 warnings, for example at q0: all 3 answers differ as texts.*normalization.*$/m,
    );
    expect(stdout).not.toContain('no two answers');
  });

  it('is not called the best while nothing is measured', async () => {
    const conditions = { wrong: { normalization: 'boolean' } };
    const { stderr } = await runCommand(['run', experimentOf({ ...file, conditions, scorer })]);
    expect(stderr).toContain('20/20');
    expect(stderr).not.toContain('best');
  });
});

describe('a condition without right answers', () => {
  it('has no accuracy and says why, and exits with 0', async () => {
    const { code, stdout } = await runCommand(['run', experimentOf({ ...file, scorer: 'none' }), '--json']);
    expect(code).toBe(0);
    expect(tableOf(stdout).conditions).toMatchObject([
      { accuracy: null, answered: 20, whyNoAccuracy: 'no right answer is known, or nothing is scored' },
      { accuracy: null },
    ]);
  });
});

describe('a judge that cannot judge', () => {
  const at = (room: string) => JSON.stringify(new URL(`../../src/${room}`, import.meta.url).href);
  const judgedBy = (verdict: string): string =>
    experimentOf(
      `import { createEnsemble, defineModel, simulated } from ${at('index.ts')};
      import { judge } from ${at('experiment/experiment.ts')};
      const grader = defineModel('grader', (text) => ${verdict});
      export default {
        dataset: 'sums.jsonl',
        journal: 'calls.jsonl',
        conditions: { a: { models: [simulated({ id: 'a', accuracy: 1 })], normalization: 'numeric' } },
        scorer: judge({ ensemble: createEnsemble({ models: [grader] }) }),
      };`,
      3,
      'experiment.ts',
    );

  it('one of the questions leaves it out of the accuracy, says why, and exits with 0, in every run', async () => {
    const path = judgedBy("text.includes('What is 2 + 2?') ? 'It depends on the base.' : 'yes'");
    for (let run = 0; run < 3; run += 1) {
      const { code, stdout } = await runCommand(['run', path]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^a: the accuracy is that of 2 of 3 questions, which have a score$/m);
      expect(stdout).toMatch(
        /^a: 1 question not scored, for example at q2: the judge gave no verdict: 0 of at least 1 votes were cast \(grader abstained: a yes or no was not found\)$/m,
      );
    }
  });

  it('any question leaves no accuracy, says so in the report too, and exits with 1', async () => {
    const path = judgedBy("'It depends on the base.'");
    const report = beside(path, 'r.md');
    const { code, stdout, stderr } = await runCommand(['run', path, '--report', report]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^a +– +3\/3 /m);
    expect(stdout).toMatch(/^a: no accuracy: none of its answers could be scored$/m);
    expect(stdout).toMatch(/^a: 3 questions not scored, for example at q0: the judge gave no verdict/m);
    expect(stderr).toContain('no answer of a could be scored; the reasons are below the table');
    const markdown = readFileSync(report, 'utf8');
    expect(markdown).toMatch(/\| 1\. a +\| +– \|/);
    expect(markdown).toContain('none of its answers could be scored');
  });
});
