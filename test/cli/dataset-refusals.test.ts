import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beside, experimentOf, file } from './experiment-file.ts';
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
