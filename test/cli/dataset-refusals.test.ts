import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

/** Runs an experiment on a dataset with this name and content, and expects that no call is made. */
const refusalOf = async (name: string, content: string, others: object = {}, command = 'run') => {
  const path = experimentOf({ ...file, dataset: name, ...others });
  writeFileSync(beside(path, name), content);
  const { code, stdout, stderr } = await runCommand([command, path]);
  expect([code, stdout]).toStrictEqual([2, '']);
  expect(existsSync(beside(path, 'calls.jsonl'))).toBe(false);
  return stderr;
};

const jsonLines = (...fields: readonly string[]): string =>
  Array.from({ length: 3 }, (_, n) =>
    JSON.stringify({
      question: `What is ${n} + ${n}?`,
      ...Object.fromEntries(fields.map((field) => [field, 2 * n])),
    }),
  ).join('\n');

describe('an empty dataset', () => {
  it.each([
    ['data.jsonl', ''],
    ['data.jsonl', '\n\n'],
    ['data.json', '[]'],
    ['data.csv', 'id,question,expected\n'],
    ['data.csv', ''],
  ])('is refused: %s with %j', async (name, content) => {
    expect(await refusalOf(name, content)).toContain('dataset: the dataset has no questions');
  });
});

describe('a dataset without right answers', () => {
  it.each([
    [['label'], 'label'],
    [['answer'], 'answer'],
    [['gold_answer', 'answer'], 'gold_answer'],
    [['topic', 'level', 'correctAnswer'], 'correctAnswer'],
    [['Expected'], 'Expected'],
    [['expected_output', 'source'], 'expected_output'],
    [['topic', 'target'], 'target'],
    [['expcted', 'source'], 'expcted'],
    [['loesung'], 'loesung'],
    [['solutions', 'split'], 'solutions'],
    [['ground_truth', 'split'], 'ground_truth'],
  ])('is refused if its rows have the fields %j, and the likeliest one is named', async (fields, likely) => {
    for (const [name, content] of [
      ['data.jsonl', jsonLines(...fields)],
      ['data.csv', `question,${fields}\nWhat is 2 + 2?,${fields.map(() => 4)}\n`],
    ] as const) {
      const stderr = await refusalOf(name, content);
      expect(stderr).toContain('has a right answer in the field "expected"');
      expect(stderr).toContain(`the rows have the fields question, ${fields.join(', ')}`);
      expect(stderr).toContain(`set "expectedField" to the field that holds it, probably "${likely}"`);
    }
  });

  it('is refused with the exact message', async () => {
    const path = experimentOf({ ...file, dataset: 'data.jsonl' });
    writeFileSync(beside(path, 'data.jsonl'), jsonLines('label'));
    expect((await runCommand(['run', path])).stderr).toBe(
      `crucible-ensemble: ${path}: dataset: none of the 3 questions has a right answer in the field "expected"; the rows have the fields question, label: name the right answer "expected", or set "expectedField" to the field that holds it, probably "label". If nothing is to be scored, set "scorer" to "none"\nSee crucible-ensemble run --help.\n`,
    );
  });

  it.each([
    ['data.csv', 'question,expected\nWhat is 2 + 2?,\nWhat is 3 + 3?,\n'],
    [
      'data.jsonl',
      '{"question":"What is 2 + 2?","expected":null}\n{"question":"What is 3 + 3?","expected":null}\n',
    ],
  ])('is refused if the field of the right answer is empty in every row: %s', async (name, content) => {
    expect(await refusalOf(name, content)).toMatch(
      /none of the 2 questions has a right answer in the field "expected"; the rows have the fields question, expected(, separated by ",")?: that field is empty in each of them: fill it in, or set "expectedField" to the field that holds it\. If nothing is to be scored, set "scorer" to "none"/,
    );
  });

  it('is refused if "expectedField" names a field that the rows do not have', async () => {
    const dataset = { path: 'data.jsonl', expectedField: 'answer' };
    const stderr = await refusalOf('data.jsonl', jsonLines('label'), { dataset });
    expect(stderr).toContain('in the field "answer"; the rows have the fields question, label');
  });

  it('is refused if a scorer is given, also without other fields', async () => {
    const stderr = await refusalOf('data.jsonl', jsonLines(), { scorer: 'exact' });
    expect(stderr).toContain('name the right answer "expected"');
  });

  it.each(['rescore', 'report', 'tune'])('is refused by %s', async (command) => {
    expect(await refusalOf('data.jsonl', jsonLines('label'), {}, command)).toContain('probably "label"');
  });

  it.each([
    [{}, jsonLines()],
    [{ scorer: 'none' }, jsonLines('topic', 'level')],
  ])('is accepted with %j if nothing is to be scored', async (others, content) => {
    const path = experimentOf({ ...file, ...others });
    writeFileSync(beside(path, 'sums.jsonl'), content);
    const { code, stdout } = await runCommand(['run', path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^small +– /m);
  });
});

describe('right answers that no answer of a condition can be equal to', () => {
  const rowsWith = (...labels: readonly unknown[]): string =>
    labels
      .map((expected, n) => JSON.stringify({ id: `q${n}`, question: `What is ${n} + ${n}?`, expected }))
      .join('\n');
  const conditionsOf = (normalization: unknown) => ({
    one: { normalization },
    fine: { normalization: 'json' },
  });

  it.each([
    ['numeric', [[0], [2], [4]], 'an array of 1'],
    ['numeric', ['none', 'many'], '"none"'],
    ['numeric', [true, false], 'true'],
    ['numeric', [{ value: 4 }], 'an object'],
    ['boolean', [0, 1], '0'],
    ['boolean', ['perhaps', 'maybe'], 'a string of 7 characters'],
    ['lowercaseTrim', [['Paris'], ['Rome']], 'an array of 1'],
    [{ choice: ['A', 'B'] }, ['C', 'D'], '"C"'],
    [{ choice: ['A', 'B'] }, [0, 1], '0'],
  ])('are refused for %j: %j', async (normalization, labels, example) => {
    const stderr = await refusalOf('data.jsonl', rowsWith(...labels), {
      conditions: conditionsOf(normalization),
    });
    expect(stderr).toContain('dataset: no answer of one can be equal to a right answer');
    expect(stderr).toContain(
      `for example ${example} at q0; correct the right answers, or choose another "normalization"`,
    );
  });

  it('are refused with the exact message, for every condition of which that is so', async () => {
    const conditions = {
      a: { normalization: 'numeric' },
      b: { normalization: 'boolean' },
      c: { normalization: 'json' },
    };
    const path = experimentOf({ ...file, dataset: 'data.jsonl', conditions });
    writeFileSync(beside(path, 'data.jsonl'), rowsWith([0], [2], [4]));
    expect((await runCommand(['run', path])).stderr).toBe(
      `crucible-ensemble: ${path}: dataset: no answer of a, b can be equal to a right answer, in all 3 rows with one: "normalization" and "scorer" cannot yield the value in the field "expected", for example an array of 1 at q0; correct the right answers, or choose another "normalization" or "scorer"\nSee crucible-ensemble run --help.\n`,
    );
  });

  it.each([
    [{ within: { relative: 0.1 } }, 'numeric', ['none', [4]]],
    ['matching', 'lowercaseTrim', [4, 5]],
    ['matching', 'lowercaseTrim', ['(', '[']],
  ])('are refused if the scorer %j cannot use them', async (scorer, normalization, labels) => {
    const stderr = await refusalOf('data.jsonl', rowsWith(...labels), {
      scorer,
      conditions: conditionsOf(normalization),
    });
    expect(stderr).toContain('can be equal to a right answer');
  });

  it.each([
    ['numeric', ['4', 'It is 4.', '1,234', 4, -0.5, 1e21, '50 %']],
    ['boolean', [true, 'yes', 'No.', 'false']],
    ['lowercaseTrim', ['Paris', ' Paris ', 42, true, 'the answer is (B)', '\u00e9']],
    ['json', [{ a: [1] }, [4], '{"a": 1}', 4, 'four']],
    [{ choice: ['A', 'B'] }, ['A', 'b', '(B)']],
  ])('are accepted for %j: each of %j', async (normalization, labels) => {
    for (const label of labels) {
      const path = experimentOf({ ...file, dataset: 'data.jsonl', conditions: { one: { normalization } } });
      writeFileSync(beside(path, 'data.jsonl'), rowsWith(label));
      const { stdout, stderr } = await runCommand(['run', path]);
      expect(stderr).not.toContain('can be equal');
      expect(stdout).toMatch(/^one /m);
    }
  });

  it('leave only their own questions without a score if others fit', async () => {
    const path = experimentOf({ ...file, dataset: 'data.jsonl' });
    writeFileSync(beside(path, 'data.jsonl'), rowsWith(0, [2], 4, 'n/a'));
    const { code, stdout } = await runCommand(['run', path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^large +100\.0 % /m);
    expect(stdout).toMatch(/^all conditions: the accuracy is that of 2 of 4 questions, which have a score$/m);
    expect(stdout).toMatch(
      /^all conditions: 2 questions not scored, for example at q1: no answer of this condition can be equal to the right answer/m,
    );
  });
});

describe('a dataset with files', () => {
  const rows = (...scans: readonly string[]) =>
    scans
      .map((scan, n) => JSON.stringify({ question: `What is ${n} + ${n}?`, expected: 2 * n, scan }))
      .join('\n');
  const dataset = { path: 'data.jsonl', fileFields: ['scan'] };

  it('is refused before the first call if files are missing or outside of its folder', async () => {
    const content = rows('data.jsonl', 'none.png', '../../etc/passwd');
    expect(await refusalOf('data.jsonl', content, { dataset, scorer: 'none' })).toMatch(
      /line 1: scan: neither the content.*line 2: scan: there is no such file.*line 3: scan is outside of the folder/s,
    );
  });

  it('is run with its files', async () => {
    const path = experimentOf({ ...file, dataset });
    writeFileSync(beside(path, 'data.jsonl'), rows('a.txt', 'a.txt'));
    writeFileSync(beside(path, 'a.txt'), 'a canary');
    const { code, stdout } = await runCommand(['run', path, '--json']);
    expect([code, tableOf(stdout).account]).toMatchObject([0, { calls: 4 }]);
    // The content is in the key of a call.
    writeFileSync(beside(path, 'a.txt'), 'a changed canary');
    const again = await runCommand(['run', path, '--json']);
    expect(tableOf(again.stdout).account).toMatchObject({ calls: 4, recalled: 0 });
    expect(readFileSync(beside(path, 'calls.jsonl'), 'utf8')).not.toMatch(/canary|YSBjYW5hcnk/);
  });
});

describe('a row that is too large for a condition', () => {
  it('is refused before any call, with the condition and the row', async () => {
    const { small: few, large: all } = file.conditions;
    const conditions = { few: { ...few, maxRequestBytes: 1000 }, all };
    const image = (bytes: number) => `data:image/png;base64,${'AAAA'.repeat(bytes / 4)}`;
    const content = [40, 4000, 40]
      .map((bytes, index) =>
        JSON.stringify({ id: `q${index}`, question: 'What is it?', expected: 1, scan: image(bytes) }),
      )
      .join('\n');
    const dataset = { path: 'data.jsonl', fileFields: ['scan'] };
    const stderr = await refusalOf('data.jsonl', content, { dataset, conditions });
    expect(stderr).toMatch(
      /condition "few": question "q1": the query has 40\d\d bytes with its files as base64, and "maxRequestBytes" is 1000/,
    );
    expect(stderr).not.toContain('condition "all"');
  });
});
