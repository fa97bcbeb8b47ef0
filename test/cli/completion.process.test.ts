import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { knownModels } from '../../src/cli/completion/known-models.ts';
import { flagOf } from '../../src/cli/flags.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { runCommand } from './run-command.ts';

const has = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;
const scriptOf = async (shell: string): Promise<string> => (await runCommand(['completion', shell])).stdout;
const names = Object.keys(commands);

/** The flags of a command that take a value of this kind, and what completes them. */
const flagsOf = (name: string) => Object.entries(commands[name as keyof typeof commands].flags);

// A marker stands for the word that is being completed; bash splits words at "=".
const bash = async (line: readonly string[], cwd = temporaryFolder()): Promise<string[]> => {
  const words = line.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const script = `${await scriptOf('bash')}
COMP_WORDS=(crucible-ensemble ${words})
COMP_CWORD=${line.length}
_crucible_ensemble
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { cwd, encoding: 'utf8' });
  // `compopt` works only while a line is edited, and its message is suppressed.
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
};

describe.skipIf(!has('bash'))('bash completes', () => {
  it('commands', async () => {
    expect(await bash([''])).toEqual(names);
    expect(await bash(['re'])).toEqual(['rescore', 'report']);
    expect(await bash(['help', ''])).toEqual(names);
  });

  it.each(names)('the flags of %s', async (name) => {
    const offered = await bash([name, '--']);
    expect(offered.toSorted()).toEqual(
      [...flagsOf(name).map(([option]) => flagOf(option)), '--help', '--version'].toSorted(),
    );
  });

  it('the flags of predict if no command is named', async () => {
    expect(await bash(['What is 6 * 7?', '--hed'])).toEqual(['--hedge-delay-ms']);
    expect(await bash(['--sim'])).toEqual(['--simulate']);
  });

  it.each(
    names.flatMap((name) =>
      flagsOf(name).flatMap(([option, flag]) =>
        flag.names === undefined ? [] : [[name, flagOf(option), flag.short, flag.names] as const],
      ),
    ),
  )('the names that %s %s takes', async (name, flag, short, offered) => {
    expect(await bash([name, flag, ''])).toEqual(offered);
    if (short !== undefined) expect(await bash([name, `-${short}`, ''])).toEqual(offered);
    expect(await bash([name, flag, '=', ''])).toEqual(offered);
    expect(await bash([name, flag, '='])).toEqual(offered);
    expect(await bash([name, flag, '=', offered[0]?.slice(0, 2) ?? ''])).toContain(offered[0]);
  });

  it('models, each of a list', async () => {
    expect(await bash(['q', '--models', ''])).toEqual(knownModels());
    expect(await bash(['q', '-m', 'openai/gpt-6-luna,x/y,anthropic_h'])).toEqual([
      'openai/gpt-6-luna,x/y,anthropic_haiku',
    ]);
  });

  it('nothing if a value cannot be known, and nothing in place of a question', async () => {
    expect(await bash(['q', '--timeout-ms', ''])).toEqual([]);
    expect(await bash(['predict', ''])).toEqual([]);
  });

  it.each([
    ['run'],
    ['tune'],
    ['run', 'x.json', '--journal'],
    ['run', 'x.json', '--report', 'a.md'],
    ['q', '--replay'],
  ])('files: %s %s %s %s', async (...line) => {
    const folder = temporaryFolder();
    for (const file of ['my questions.json', 'mine.json', 'other']) writeFileSync(join(folder, file), '');
    expect((await bash([...line, 'm'], folder)).toSorted()).toEqual(['mine.json', 'my questions.json']);
  });
});

describe.skipIf(!has('fish'))('fish completes', () => {
  const shell = 'fish';
  const fish = async (line: string): Promise<string[]> => {
    const path = join(temporaryFolder(), 'completion.fish');
    writeFileSync(path, await scriptOf('fish'));
    const { stdout, stderr } = spawnSync(
      shell,
      ['--no-config', '-c', `source ${path}; complete -C '${line}'`],
      { encoding: 'utf8', env: { ...process.env, HOME: temporaryFolder() } },
    );
    expect(stderr).toBe('');
    return stdout.split('\n').flatMap((offered) => offered.split('\t')[0] || []);
  };

  it('commands, flags, names and models', async () => {
    expect((await fish('crucible-ensemble ')).toSorted()).toEqual(names.toSorted());
    expect(await fish('crucible-ensemble run --jo')).toEqual(['--journal']);
    expect(await fish('crucible-ensemble q --hed')).toEqual(['--hedge-delay-ms']);
    expect(await fish('crucible-ensemble q -e h')).toEqual(['hedged']);
    expect(await fish('crucible-ensemble q -m a/b,anthropic_h')).toEqual(['a/b,anthropic_haiku']);
    expect((await fish('crucible-ensemble completion ')).toSorted()).toEqual(['bash', 'fish', 'zsh']);
  });
});

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  it('has every command and flag', async () => {
    const script = await scriptOf(shell);
    for (const name of names) {
      expect(script).toContain(name);
      for (const [option] of flagsOf(name)) {
        const flag = flagOf(option);
        expect(script).toContain(shell === 'fish' ? `-l ${flag.slice(2)} ` : flag);
      }
    }
  });

  it.skipIf(!has(shell))('has no syntax error', async () => {
    const path = join(temporaryFolder(), 'script');
    writeFileSync(path, await scriptOf(shell));
    const { status, stderr } = spawnSync(shell, ['-n', path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

it.each([
  [['completion'], 'the shell is missing; write crucible-ensemble completion <shell>'],
  [['completion', 'tcsh'], 'the shell must be one of bash, zsh, fish, but got tcsh'],
])('%j: %s', async (argv, fault) => {
  expect(await runCommand(argv)).toEqual({
    code: 2,
    stdout: '',
    stderr: `crucible-ensemble: ${fault}\nSee crucible-ensemble completion --help.\n`,
  });
});
