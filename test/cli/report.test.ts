import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

const simulatedModel = (id: string, accuracy: number) => ({ simulated: { id, accuracy, costUsd: 0.001 } });

const experimentOf = (): string => {
  const questions = Array.from({ length: 30 }, (_, index) =>
    JSON.stringify({ id: `q${index}`, question: `What is ${index} + 1?`, expected: index + 1 }),
  );
  const path = join(dirname(fileOf(questions.join('\n'), 'sums.jsonl')), 'sums.experiment.json');
  const file = {
    dataset: 'sums.jsonl',
    journal: 'calls.jsonl',
    models: [simulatedModel('a', 0.7), simulatedModel('b', 0.7), simulatedModel('c', 0.9)],
    conditions: {
      one: { models: ['a'], normalization: 'numeric' },
      three: { models: ['a', 'b', 'c'], normalization: 'numeric' },
    },
  };
  writeFileSync(path, JSON.stringify(file));
  return path;
};

const read = (path: string, name: string): string => readFileSync(join(dirname(path), name), 'utf8');

describe('reports on the command line', () => {
  it('are written at the end of a run, in the format of their extension', async () => {
    const path = experimentOf();
    const paths = ['r.html', 'r.md', 'r.csv', 'r.json'].map((name) => join(dirname(path), name));
    const { code } = await runCommand(['run', path, '--report', ...paths]);
    expect(code).toBe(0);
    expect(read(path, 'r.html')).toContain('Reliability and size');
    expect(read(path, 'r.md')).toContain('| 2. three  |');
    expect(read(path, 'r.csv').split('\r\n')).toHaveLength(4);
    const scorecard = JSON.parse(read(path, 'r.json'));
    expect(scorecard.conditions.map(({ condition, labelled }: never) => [condition, labelled])).toStrictEqual(
      [
        ['one', 30],
        ['three', 30],
      ],
    );
  });

  it('are created from a journal without calls', async () => {
    const path = experimentOf();
    await runCommand(['run', path]);
    const { code, stdout, stderr } = await runCommand(['report', path]);
    expect(code).toBe(0);
    expect(stderr).toContain(`wrote ${path.replace(/json$/, 'html')}`);
    expect(stdout).toContain('0 calls made; 90 answers reused');
    expect(read(path, 'sums.experiment.html')).toContain('<h1>sums.experiment</h1>');
  });

  it('are refused before any call if their extension is unknown', async () => {
    const { code, stderr } = await runCommand(['run', experimentOf(), '--report', 'r.pdf', 'r']);
    expect(code).toBe(2);
    expect(stderr).toContain('--report must end in .html, .md, .csv, .json, but got "r.pdf"');
    expect(stderr).toContain('2 problems');
  });

  it('are refused if they would overwrite the experiment, whatever its path looks like', async () => {
    const path = experimentOf();
    const before = readFileSync(path, 'utf8');
    const { code, stderr } = await runCommand([
      'run',
      path,
      '--report',
      `${dirname(path)}/./${basename(path)}`,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('--report would overwrite the experiment');
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.each(['sums.json', 'sums.csv'])('are refused if they would overwrite the dataset %s', async (name) => {
    const path = experimentOf();
    const dataset = join(dirname(path), name);
    const content = name.endsWith('csv')
      ? 'id,question,expected\n1,What is 1 + 1?,2\n'
      : '[{"id":"1","question":"What is 1 + 1?","expected":"2"}]';
    writeFileSync(dataset, content);
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), dataset: name }));
    const { code, stderr } = await runCommand(['run', path, '--report', dataset]);
    expect(code).toBe(2);
    expect(stderr).toContain('--report would overwrite the dataset');
    expect(readFileSync(dataset, 'utf8')).toBe(content);
  });

  it('normalize expected answers like the panel they analyze', async () => {
    const path = experimentOf();
    const { conditions, ...file } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(
      join(dirname(path), 'sums.jsonl'),
      Array.from({ length: 30 }, (_, n) =>
        JSON.stringify({ id: `q${n}`, question: `What is ${n} + 1?`, expected: `It is ${n + 1}.` }),
      ).join('\n'),
    );
    const curveWith = async (normalization: string): Promise<string> => {
      const one = { ...conditions.one, normalization };
      writeFileSync(path, JSON.stringify({ ...file, conditions: { one, three: conditions.three } }));
      expect((await runCommand(['run', path, '--report', join(dirname(path), 'r.html')])).code).toBe(0);
      return /<figure><h3>Reliability and size.*?<\/figure>/s.exec(read(path, 'r.html'))?.[0] ?? 'none';
    };
    const curve = await curveWith('numeric');
    expect(curve).toContain('30 questions');
    expect(await curveWith('lowercaseTrim')).toBe(curve);
  });

  it('leave out a question if the panel cannot normalize its expected answer, and do not end the run', async () => {
    const path = experimentOf();
    const more = `${read(path, 'sums.jsonl')}\n{"id":"x","question":"What is love?","expected":"nobody knows"}`;
    writeFileSync(join(dirname(path), 'sums.jsonl'), more);
    const { code, stdout, stderr } = await runCommand([
      'run',
      path,
      '--report',
      join(dirname(path), 'r.html'),
    ]);
    expect([code, stderr]).toStrictEqual([0, expect.stringContaining('31/31')]);
    expect(stdout).toContain('93 calls made');
    expect(read(path, 'r.html')).toContain('Plurality votes on 30 questions');
  });

  it.each([
    ['its folder is missing', 'nowhere/r.html', 'ENOENT'],
    ['its folder is a file', 'experiment.json/r.md', 'ENOTDIR'],
    ['it is a folder', 'folder.csv', 'EISDIR'],
  ])('are refused before the first call if one cannot be written: %s', async (_, name, code) => {
    const path = experimentOf();
    const folder = dirname(path);
    const report = join(folder, name.replace('experiment.json', basename(path)));
    mkdirSync(join(folder, 'folder.csv'));
    const ended = await runCommand(['run', path, '--report', join(folder, 'r.html'), '--report', report]);
    expect([ended.code, ended.stdout]).toStrictEqual([2, '']);
    expect(ended.stderr).toContain(`--report: ${report} cannot be written (${code})`);
    expect(existsSync(join(folder, 'calls.jsonl'))).toBe(false);
  });

  it('are reported if they can no longer be written, and the table is printed all the same', async () => {
    const path = experimentOf();
    const folder = join(dirname(path), 'reports');
    mkdirSync(folder);
    const running = runCommand(['run', path, '--report', join(folder, 'r.html')], {
      onErrorWrite: () => rmSync(folder, { recursive: true, force: true }),
    });
    const { code, stdout, stderr } = await running;
    expect(code).toBe(1);
    expect(stdout).toContain('three');
    expect(stderr).toContain('r.html cannot be written (ENOENT)');
  });
});
