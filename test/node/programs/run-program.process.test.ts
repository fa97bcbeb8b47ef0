import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProgramEnd, runProgram } from '../../../src/node/programs/run-program.ts';

/** Runs a script of the shell; its folder is `$folder`. */
const run = (script: string, folder: string): Promise<ProgramEnd> =>
  runProgram({
    command: ['/bin/sh', '-c', script],
    folder,
    env: { PATH: process.env.PATH ?? '', folder },
    input: '',
    limits: { timeoutMs: 50_000, memoryMb: 512, maxOutputBytes: 10_000 },
    signal: new AbortController().signal,
  });

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-program-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('the memory on a system without /proc', () => {
  const { PATH } = process.env;
  const platform = Object.getOwnPropertyDescriptor(process, 'platform') ?? {};

  beforeEach(() => {
    Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
  });

  afterEach(() => {
    Object.defineProperty(process, 'platform', platform);
    process.env.PATH = PATH;
  });

  /** Puts a `ps` first on the path, which notes its process in the file `asked`. */
  const withPs = (script: string): void => {
    const lines = ['#!/bin/sh', `echo $$ >> ${folder}/asked`, script];
    writeFileSync(join(folder, 'ps'), lines.join('\n'));
    chmodSync(join(folder, 'ps'), 0o755);
    process.env.PATH = `${folder}:${PATH}`;
  };

  const asked = (): number[] => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n').map(Number);

  const UNTIL_ASKED = 'while [ ! -s $folder/asked ]; do sleep 0.01; done';
  /** What a `ps` does that cannot be asked to end. */
  const ENDLESS = "trap '' TERM; while :; do sleep 0.1; done";

  it('is what ps says', async () => {
    withPs('echo " 524289"');
    expect(await run('sleep 60', folder)).toMatchObject({ why: 'memory', code: 'SIGKILL' });
  });

  it('is asked of one ps at a time', async () => {
    withPs(`for other in $(cat ${folder}/asked); do
      [ $other = $$ ] || ! kill -0 $other || touch ${folder}/two
    done
    sleep 0.1`);
    const end = await run(
      'while [ ! -e $folder/two ] && [ "$(cat $folder/asked | wc -l)" -lt 3 ]; do sleep 0.01; done; ls $folder',
      folder,
    );
    expect(end).toMatchObject({ why: 'exit', code: 0, output: expect.not.stringContaining('two') });
  });

  it.each([
    ['hangs', ENDLESS],
    ['leaves its output to another process', 'sleep 2 & wait'],
  ])('leaves no ps behind that %s when the program has ended', async (_what, script) => {
    withPs(script);
    expect(await run(UNTIL_ASKED, folder)).toMatchObject({ why: 'exit', code: 0 });
    await expect.poll(() => process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
    await expect.poll(() => asked().filter(isAlive)).toStrictEqual([]);
  });

  it('is asked of another ps if one hangs', async () => {
    withPs(`[ "$(cat ${folder}/asked | wc -l)" -gt 1 ] && echo 524289 && exit; ${ENDLESS}`);
    expect(await run('sleep 60', folder)).toMatchObject({ why: 'memory' });
    await expect.poll(() => asked().filter(isAlive)).toStrictEqual([]);
  });

  it.each([
    ['is missing', () => (process.env.PATH = folder)],
    ['fails', () => withPs('echo 524289; exit 1')],
    ['says nothing', () => withPs('')],
  ])('has no limit if ps %s', async (_what, prepare) => {
    prepare();
    expect(await run('/bin/sleep 0.2; echo done', folder)).toMatchObject({ why: 'exit', output: 'done\n' });
  });
});

it('ends at a limit of output that a process outside of the group exceeds later', async () => {
  const script =
    'setsid sh -c "echo \\$\\$ > $folder/writer; yes" & while [ ! -s $folder/writer ]; do sleep 0.01; done';
  expect(await run(script, folder)).toMatchObject({ why: expect.stringMatching(/^(output|exit)$/) });
});
