import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { beside, experimentOf, tableOf } from './experiment-file.ts';
import { runCommand } from './run-command.ts';

const tools = {
  water: {
    inputSchema: {
      type: 'object',
      properties: { zone: { type: 'string' }, on: { type: 'string' } },
      required: ['zone'],
    },
  },
};
const water = (input: object) => ({ text: '', toolCalls: [{ toolName: 'water', input }] });
/** A question with the recorded answers of five models. */
const row = (id: string, expected: unknown, ...answers: readonly object[]): string =>
  JSON.stringify({
    id,
    question: { messages: [{ role: 'user', content: `Water the beds ${id}` }], tools },
    expected,
    responses: answers.map((answer, index) => ({ model: `m${index}`, ...answer, costUsd: 0 })),
  });

it('an experiment file scores recorded calls of tools, with its options for them', async () => {
  const condition = (others: object) => ({ models: ['m0', 'm1', 'm2', 'm3', 'm4'], ...others });
  const path = experimentOf({
    dataset: 'calls.jsonl',
    models: 'recorded',
    conditions: {
      plain: condition({}),
      dates: condition({ normalization: { toolCalls: { dates: true } } }),
      careful: condition({ strategy: { toolVote: { noCallQuorum: 2 } } }),
    },
  });
  const no = { text: 'The beds are wet.' };
  const [east, west, first, other] = [
    water({ zone: 'East' }),
    water({ zone: 'west' }),
    water({ zone: 'east', on: 'May 4, 2031' }),
    water({ zone: 'east', on: '2031-05-04' }),
  ];
  writeFileSync(
    beside(path, 'calls.jsonl'),
    [
      row(
        '1',
        [{ toolName: 'water', input: { zone: 'east' } }],
        east,
        east,
        water({ zone: 'east' }),
        west,
        no,
      ),
      row('2', [], east, east, east, no, no),
      row(
        '3',
        [{ toolName: 'water', input: { zone: 'east', on: '2031-05-04' } }],
        other,
        first,
        west,
        west,
        no,
      ),
    ].join('\n'),
  );
  const { code, stdout, stderr } = await runCommand(['run', path, '--json']);
  expect([code, stderr]).toStrictEqual([0, expect.any(String)]);
  const { conditions } = tableOf(stdout) as {
    readonly conditions: readonly { readonly condition: string; readonly accuracy: number }[];
  };
  expect(conditions.map(({ accuracy }) => Math.round(accuracy * 3))).toStrictEqual([1, 2, 2]);
});
