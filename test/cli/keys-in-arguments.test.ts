import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCommand } from './run-command.ts';

const KEYS = [
  'sk-proj-GyQLDHL4oAzUhIe42Ak6akCMcXgRtoihLIQITpG3V08fnT9s',
  'AIzaGyQLDHL4oAzUhIe42Ak6akCMcXgRtoihLIQ',
  'e9951cc0c1b1d2acbf8bb56011132723',
  'x7Kq2!mPz9#w',
];

it.each(KEYS)('shows no key in a wrong place of the command line: %s', async (key) => {
  const lines = [
    ['predict', 'q', `--${key}`],
    ['predict', 'q', `--api-key=${key}`],
    ['predict', 'q', `-${key}`],
    ...[
      '--models',
      '--strategy',
      '--execution',
      '--normalization',
      '--early-stop',
      '--timeout-ms',
      '--replay',
    ].map((flag) => ['predict', 'q', flag, key]),
    ['predict', 'q', '--models', `openai/${key}`],
    ['predict', 'q', '--choices', `${key},${key}`],
    ...['run', 'rescore', 'report', 'tune'].flatMap((command) => [
      [command, key],
      [command, 'x.json', `--${key}`],
      [command, 'x.json', '--report', key],
      [command, 'x.json', key],
    ]),
    ['help', key],
    ['models', key],
  ];
  for (const line of lines) {
    const { stdout, stderr } = await runCommand(line);
    expect(`${stdout}${stderr}`, line.join(' ')).not.toContain(key);
  }
});

it.each(KEYS)('shows no key in a wrong place of an experiment file: %s', async (key) => {
  const path = join(temporaryFolder(), 'experiment.json');
  const valid = { dataset: 'q.jsonl', models: ['openai/gpt-6-luna'], conditions: { a: {} } };
  const files = [
    key,
    `{"apiKey": ${key}}`,
    ...[
      key,
      [key],
      { [key]: 1 },
      ...Object.keys({ ...valid, matrix: 1, scorer: 1, journal: 1, concurrency: 1, sample: 1 }).flatMap(
        (field) =>
          [key, [key], { [key]: true }, { a: key }, { a: { execution: key } }].map((value) => ({
            ...valid,
            [field]: value,
          })),
      ),
    ].map((file) => JSON.stringify(file)),
  ];
  for (const file of files) {
    await writeFile(path, file);
    const { stdout, stderr } = await runCommand(['run', path]);
    expect(`${stdout}${stderr}`, file).not.toContain(key);
  }
});
