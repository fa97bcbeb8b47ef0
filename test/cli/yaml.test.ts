import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/cli/ensemble-file/json-text.ts';
import { readObject } from '../../src/cli/ensemble-file/object-file.ts';
import { parseYaml } from '../../src/cli/ensemble-file/yaml-text.ts';
import { experimentOf, file, tableOf } from './experiment-file.ts';
import { fileOf } from './recording.ts';
import { runCommand } from './run-command.ts';

const experiment = `
dataset: sums.jsonl
models:
  - simulated: { id: small, accuracy: 0.5, costUsd: 0.001 }
  - simulated: { id: large, accuracy: 1, costUsd: 0.01 }
conditions:
  small: &options { models: [small], normalization: numeric }
  large: { <<: *options, models: [large] }
`;

const measured = (stdout: string) =>
  tableOf(stdout).conditions.map(
    ({ latencyMsP50, latencyMsP95, ...others }: Record<string, number>) => others,
  );

describe('a YAML file', () => {
  it.each(['experiment.yaml', 'experiment.yml', 'EXPERIMENT.YAML'])(
    'describes an experiment: %s',
    async (name) => {
      const { journal: _, ...others } = file;
      const asJson = await runCommand(['run', experimentOf(others), '--json']);
      const asYaml = await runCommand(['run', experimentOf(experiment, 20, name), '--json']);
      expect(asYaml).toMatchObject({ code: 0 });
      expect(measured(asYaml.stdout)).toStrictEqual(measured(asJson.stdout));
    },
  );

  it('describes an ensemble', async () => {
    const path = fileOf('models:\n  - simulated: { id: a, accuracy: 1 }\nnormalization: numeric\n', 'e.yaml');
    const { code, stdout } = await runCommand(['What is 6 * 7?', '--ensemble', path, '--json']);
    expect({ code, answer: JSON.parse(stdout).answer }).toEqual({ code: 0, answer: 42 });
  });

  it('has the values of JSON: words and dates are texts', () => {
    const text = 'a: yes\nb: 2026-01-01\nc: 010\nd: ~\ne: true\nf: "1"\ng: !!str 2\n"1": x';
    expect(parseYaml('a.yaml', text)).toEqual({
      a: 'yes',
      b: '2026-01-01',
      c: 10,
      d: null,
      e: true,
      f: '1',
      g: '2',
      '1': 'x',
    });
  });

  it('takes JSON too, since YAML contains it', () => {
    const json = JSON.stringify(file, undefined, 2);
    expect(parseYaml('a.yaml', json)).toEqual(parseJson('a.json', json));
  });

  it.each([
    ['a: 1\nb: 2\na: 3', 'a.yaml, line 3, column 1: invalid YAML: this name is used twice; remove one'],
    ['a:\n\tb: 1', 'a.yaml, line 2, column 1: invalid YAML: indent with spaces, not with tabs'],
    ['a: b: c', 'a.yaml, line 1, column 4: invalid YAML: a text with ": " must stand in quotes'],
    [
      'a: "x',
      /^a.yaml, line 1, column 6: invalid YAML: check the indentation, and that every \[, \{ and quote is closed$/,
    ],
    ['a: [1,\n', /^a.yaml, line \d, column \d: invalid YAML: check the indentation/],
    ['a: @x', 'a.yaml, line 1, column 4: invalid YAML: put the text in quotes'],
    [
      'a: 1\n---\nb: 2',
      /^a.yaml, line \d, column \d: invalid YAML: a file has one document; remove the line ---$/,
    ],
    ['a: !env KEY', 'a.yaml, line 1, column 4: invalid YAML: there are no tags such as !name; remove it'],
    [
      'a: !!binary aGk=',
      'a.yaml, line 1, column 4: invalid YAML: there are no tags such as !name; remove it',
    ],
    ['a: !!js/function "x"', /there are no tags/],
    ['? [1]\n: 2', /^a.yaml, line 1, column 3: invalid YAML: write each name as a text$/],
    [
      'a: 1\nb: *c',
      'a.yaml, line 2, column 4: invalid YAML: this alias has no anchor before it; write the anchor, &name, first',
    ],
    ['a: &a\n  b: *a', 'a.yaml: invalid YAML: an alias is part of its own anchor; write the value out'],
    ['a:\n  <<: 5', 'a.yaml: invalid YAML: a merge, <<, needs a mapping, such as <<: *name'],
  ])('is refused with the place and the fix: %j', (text, message) => {
    const refused = expect(() => parseYaml('a.yaml', text));
    refused.toThrow(expect.objectContaining({ name: 'ConfigError' }));
    refused.toThrow(message);
  });

  it('may not be nested too deeply', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => parseYaml('a.yaml', text)).toThrow(/^a.yaml.*: invalid YAML: /);
  });

  it('cannot become huge by aliases of aliases', () => {
    const levels = [...'bcdefghi'].map(
      (name, index) => `${name}: [${new Array(9).fill(`*${'abcdefgh'[index]}`)}]`,
    );
    const text = ['a: &a [x, x, x]', ...levels.map((line) => line.replace(/^(.): /, '$1: &$1 '))].join('\n');
    expect(() => parseYaml('a.yaml', text)).toThrow(
      'a.yaml: invalid YAML: its aliases stand for more than 100 values; write these out',
    );
  });

  it('is not quoted where it is invalid, since that may be a key', () => {
    const key = 'sk-proj-abcdefghijklmnopqrstuvwx';
    for (const text of [`apiKey: @${key}`, `apiKey: "${key}`, `a: ${key}: b`, `a: *${key}`, `a: !${key} x`])
      expect(() => parseYaml('a.yaml', text)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(key) }),
      );
  });

  it.each([
    ['', ': the file is empty'],
    ['# nothing yet\n', ': the file is empty'],
    ['- a\n', ': expected an object, but got '],
    ['dataset', ': expected an object, but got '],
  ])('has an object: %j is refused', async (text, message) => {
    const path = fileOf(text, 'e.yaml');
    await expect(readObject(path)).rejects.toThrow(path + message);
  });
});
