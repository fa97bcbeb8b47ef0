import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type CommandName, commands } from '../../src/cli/commands.ts';
import { type Flag, flagOf } from '../../src/cli/flags.ts';
import { commandHelp, programHelp } from '../../src/cli/help.ts';
import { parseArguments } from '../../src/cli/parse-arguments.ts';
import { runCommand } from './run-command.ts';

const names = Object.keys(commands) as CommandName[];
const flags: Readonly<Record<string, Flag>> = {
  plain: { short: 'p', value: '<text>', description: '' },
  someNumber: { short: 'n', value: '<n>', isNumber: true, description: '' },
  each: { value: '<text>', repeats: 'again', description: '' },
  all: { value: '<path...>', repeats: 'list', description: '' },
  isOn: { short: 'o', description: '' },
};

describe('arguments', () => {
  it('are read however they are spelt and wherever they stand', () => {
    const text = fc.string({ unit: 'grapheme' });
    // An argument or one more value of a list may not look like a flag.
    const word = text.filter((written) => !/^-(?:-|[a-z])/i.test(written));
    const spelt = fc.oneof(
      fc.tuple(fc.constantFrom('--plain', '-p'), text).map(([flag, value]) => ({
        argv: [flag, value],
        plain: value,
      })),
      text.map((value) => ({ argv: [`--plain=${value}`], plain: value })),
      text.filter((value) => value !== '').map((value) => ({ argv: [`-p${value}`], plain: value })),
      fc.integer().map((value) => ({ argv: ['--some-number', String(value)], someNumber: value })),
      fc.integer().map((value) => ({ argv: [`-n${value}`], someNumber: value })),
      text.map((value) => ({ argv: ['--each', value], each: [value] })),
      fc.tuple(text, fc.array(word)).map(([first, others]) => ({
        argv: ['--all', first, ...others, '-o'],
        all: [first, ...others],
        isOn: true,
      })),
      fc.constantFrom('--is-on', '-o').map((flag) => ({ argv: [flag], isOn: true })),
      word.map((argument) => ({ argv: [argument], argument })),
    );
    fc.assert(
      fc.property(fc.array(spelt), fc.array(text), (parts, behind) => {
        const argv = [...parts.flatMap((part) => part.argv), '--', ...behind];
        const last = (name: string) =>
          parts.map((part) => Reflect.get(part, name)).findLast((value) => value !== undefined);
        const every = (name: string) => {
          const found = parts.flatMap((part) => (Reflect.get(part, name) as string[] | undefined) ?? []);
          return found.length === 0 ? undefined : found;
        };
        const parsed = parseArguments(argv, flags);
        expect({ ...parsed, repeated: parsed.repeated.toSorted(), values: { ...parsed.values } }).toEqual({
          values: Object.fromEntries(
            Object.entries({
              plain: last('plain'),
              someNumber: last('someNumber'),
              isOn: last('isOn'),
              each: every('each'),
              all: every('all'),
            }).filter(([, value]) => value !== undefined),
          ),
          args: [...parts.flatMap((part) => ('argument' in part ? [part.argument] : [])), ...behind],
          unknown: [],
          incomplete: [],
          repeated: ['plain', 'someNumber'].filter(
            (name) => parts.filter((part) => Object.hasOwn(part, name)).length > 1,
          ),
          isHelp: false,
          isVersion: false,
        });
      }),
    );
  });

  it.each([
    [['--other'], { unknown: ['--other'] }],
    [['-x', '-5 + 3', '-'], { unknown: ['-x'], args: ['-5 + 3', '-'] }],
    [['--is-on=1'], { unknown: ['--is-on=1'] }],
    [['--plain'], { incomplete: ['--plain'] }],
    [['--constructor', '--to-string'], { unknown: ['--constructor', '--to-string'] }],
    [['--plain', '--help'], { values: { plain: '--help' }, isHelp: false }],
    [['--is-on', '--help'], { values: { isOn: true }, isHelp: true }],
    [['--some-number', 'many'], { values: { someNumber: 'many' } }],
    [['--some-number', ' '], { values: { someNumber: ' ' } }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv, flags)).toMatchObject(expected);
  });
});

describe('the help', () => {
  it.each(names)('of %s names each flag, and fits a terminal', (name) => {
    for (const columns of [60, 100, 200]) {
      const help = commandHelp(name, columns);
      for (const option of Object.keys(commands[name].flags)) expect(help).toContain(flagOf(option));
      const [, list = ''] = help.split('Options:\n');
      for (const line of list.split('\n\n')[0]?.split('\n') ?? [])
        expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(columns, 70));
    }
  });

  it('of the program names each command', () => {
    const help = programHelp(100);
    for (const name of names) expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  });

  it('is printed for each way to ask for it', async () => {
    const help = `${commandHelp('tune', 120)}\n`;
    for (const argv of [
      ['tune', '--help'],
      ['tune', '-h'],
      ['help', 'tune'],
      ['tune', 'x.json', '--nonsense', '-h'],
    ])
      expect(await runCommand(argv)).toEqual({ code: 0, stdout: help, stderr: '' });
  });

  it('is asked for a command that does not exist', async () => {
    const { code, stdout, stderr } = await runCommand(['help', 'tnue']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^crucible-ensemble: there is no command tnue; did you mean tune\?\n/);
  });
});

it.each(names)('docs/cli.md names %s and its flags', (name) => {
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  expect(page).toMatch(new RegExp(`\\b${name}\\b`));
  for (const option of Object.keys(commands[name].flags)) expect(page).toContain(flagOf(option));
});
