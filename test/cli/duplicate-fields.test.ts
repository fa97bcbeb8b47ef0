import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateFields } from '../../src/cli/ensemble-file/duplicate-fields.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCommand } from './run-command.ts';

/** JSON as its author writes it: an object is a list of fields, in which a name may occur again. */
type Written =
  | string
  | number
  | null
  | { readonly items: Written[] }
  | { readonly fields: [string, Written][] };

const written = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('{"a":1,"a":2}', '":', '\\":{', '{', '}'),
    fc.integer(),
    fc.constant(null),
    fc.record({ items: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({
      fields: fc.array(
        fc.tuple(fc.constantFrom('a', 'b', 'c', '"', '\\', '{', '', '__proto__'), tie('value')),
        {
          maxLength: 4,
        },
      ),
    }),
  ),
})).value;

const textOf = (value: Written): string => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if ('items' in value) return `[ ${value.items.map(textOf).join(' , ')}\n]`;
  return `{\n${value.fields.map(([name, inner]) => `${JSON.stringify(name)} : ${textOf(inner)}`).join(',\n')} }`;
};

const repeated = (value: Written): number => {
  if (value === null || typeof value !== 'object') return 0;
  if ('items' in value) return value.items.reduce<number>((sum, item) => sum + repeated(item), 0);
  const names = value.fields.map(([name]) => name);
  return value.fields.reduce((sum, [, inner]) => sum + repeated(inner), names.length - new Set(names).size);
};

describe('fields that an object of a file has twice', () => {
  it('are found, each once, at any depth, and nothing else is', () => {
    fc.assert(
      fc.property(written, (value) => {
        const text = textOf(value);
        JSON.parse(text);
        expect(duplicateFields(text)).toHaveLength(repeated(value));
      }),
    );
  });

  it('are equal if they are spelt with escapes', () => {
    expect(duplicateFields('{ "a": 1, "\\u0061": 2 }')).toHaveLength(1);
  });

  it.each([
    [
      'run',
      '{\n  "dataset": "d.jsonl", // one\n  "models": [],\n  "dataset": "e.jsonl"\n}',
      4,
      3,
      2,
      3,
      'dataset',
    ],
    [
      'what?',
      '{\n  "execution": { "hedged": {\n    "maxHedges": 1, "maxHedges": 2 } } }',
      3,
      21,
      3,
      5,
      'maxHedges',
    ],
  ])('are refused before anything is read: %s', async (command, content, line, column, before, at, field) => {
    const path = join(temporaryFolder(), 'e.jsonc');
    writeFileSync(path, content);
    const argv = command === 'run' ? ['run', path] : [command, '--simulate', '3', '--ensemble', path];
    const { code, stdout, stderr } = await runCommand(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      `e.jsonc, line ${line}, column ${column}: the field ${field} is repeated here, after line ${before}, column ${at}; remove one of them\n`,
    );
  });

  it('are named without their text if it looks like a key', () => {
    const key = 'sk-proj-1234567890abcdefghijklmnopqrstuv';
    expect(duplicateFields(`{ "${key}": 1, "${key}": 2 }`).join()).not.toContain(key);
  });
});
