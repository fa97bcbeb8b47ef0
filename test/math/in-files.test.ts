import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exact, runExperiment } from '../../src/experiment/experiment.ts';
import { ConfigError, defineModel, text } from '../../src/index.ts';
import { math } from '../../src/math/math.ts';
import { beside, experimentOf } from '../cli/experiment-file.ts';
import { fileOf, jsonLines, recorded } from '../cli/recording.ts';
import { runCommand } from '../cli/run-command.ts';

const recording = () => fileOf(jsonLines(recorded('Area?', '\\boxed{\\frac{\\pi}{4}}', 'π/4', '0.78')));

describe('math by name', () => {
  it('is a normalization of the command line', async () => {
    const { stdout, code } = await runCommand(['Area?', '--replay', recording(), '-n', 'math', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      answer: '0.7853981634',
      metadata: { votes: { '0.7853981634': 2, '0.78': 1 } },
    });
  });

  it.each(['math', { math: { digits: 2 } }])('is a normalization of files: %j', async (normalization) => {
    const file = fileOf(JSON.stringify({ normalization }), 'ensemble.json');
    const { stdout } = await runCommand(['Area?', '--replay', recording(), '--ensemble', file, '--json']);
    const { votes } = JSON.parse(stdout).metadata;
    expect(votes).toEqual(
      normalization === 'math' ? { '0.7853981634': 2, '0.78': 1 } : { '0.79': 2, '0.78': 1 },
    );
  });

  it('is refused with an option that it does not have', async () => {
    const file = fileOf(JSON.stringify({ normalization: { math: { digit: 2 } } }), 'ensemble.json');
    const { stderr, code } = await runCommand(['Area?', '--replay', recording(), '--ensemble', file]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('digits');
  });
});

const dataset = [
  { id: '1', question: 'Area?', expected: '\\frac{\\pi}{4}' },
  { id: '2', question: 'Roots?', expected: '$\\{2, 5\\}$' },
  { id: '3', question: 'Sum?', expected: 7 },
];

const texts: Readonly<Record<string, string>> = {
  'Area?': 'It is π/4, so \\boxed{π/4}',
  'Roots?': 'x = 5 or x = 2',
  'Sum?': '3+4',
};

const scoresOf = async (
  normalization: ReturnType<typeof text> | ReturnType<typeof math>,
  scorer = exact(),
) => {
  const models = [defineModel('a', (question) => texts[question] ?? '')];
  const trials = await Array.fromAsync(
    runExperiment({ dataset, conditions: { a: { models, normalization } }, scorer }),
  );
  return trials.map(({ score }) => score);
};

describe('the scorer exact', () => {
  it('scores what math reads by its value', async () => {
    expect(await scoresOf(math())).toEqual([1, 1, 1]);
  });

  it('compares what another normalizer reads in both answers', async () => {
    expect(await scoresOf(text())).toEqual([0, 0, 0]);
    expect(await scoresOf(text(), exact({ as: math() }))).toEqual([1, 1, 1]);
    expect(await scoresOf(text(), exact({ as: 'numeric' }))).toEqual([undefined, undefined, 0]);
  });

  it('refuses what is no normalization', () => {
    expect(() => exact({ as: 'math' as 'numeric' })).toThrow('pass math() of crucible-ensemble/math');
    expect(() => exact({ with: math() } as never)).toThrow(ConfigError);
  });

  it.each([{ exact: { as: 'math' } }, { exact: { as: { math: {} } } }])(
    'is named in files: %j',
    async (scorer) => {
      const path = experimentOf({
        dataset: 'areas.jsonl',
        models: 'recorded',
        conditions: { all: {} },
        scorer,
      });
      writeFileSync(
        beside(path, 'areas.jsonl'),
        jsonLines({ id: 'q', ...recorded('Area?', 'π/4'), expected: '\\frac{\\pi}{4}' } as never),
      );
      const { stdout, stderr, code } = await runCommand(['run', path, '--json']);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      expect(stdout).toContain('"accuracy": 1');
    },
  );
});
