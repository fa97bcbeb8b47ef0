import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawsFor } from '../../src/models/random.ts';
import { openJournal } from '../../src/node/file-journal.ts';
import { bundled } from '../bundled.ts';
import { fileOf } from '../cli/recording.ts';
import { entriesOf } from '../experiment/journal/journal-contract.ts';

const WRITER = new URL('./file-journal-writer.ts', import.meta.url);

interface Writer {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly lines: () => string[];
  /** Resolves once it has said so many lines. */
  readonly said: (count: number) => Promise<void>;
  readonly ended: Promise<unknown>;
}

const started = (command: string, args: readonly string[]): Writer => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let count = 0;
  const ended = once(child, 'close');
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    count += piece.split('\n').length - 1;
    child.emit('said');
  });
  return {
    child,
    // The last one may be cut off; what is not whole was not said.
    lines: () => text.split('\n').slice(0, -1),
    said: async (wanted) => {
      while (count < wanted && child.exitCode === null) await Promise.race([once(child, 'said'), ended]);
    },
    ended,
  };
};

const writer = (program: string, path: string, first: number): Writer =>
  started(process.execPath, [program, path, `${first}`]);

describe('a journal whose process is killed', () => {
  it('has every acknowledged entry after 25 kills at random moments, and each process takes over the lock', async () => {
    const path = fileOf('', 'calls.jsonl');
    const program = bundled(WRITER);
    const draw = drawsFor('25 kills');
    const acknowledged = new Set<string>();
    let notices = 0;
    for (let kill = 0; kill < 25; kill += 1) {
      const { child, lines, said, ended } = writer(program, path, kill * 1_000_000);
      await said(1 + Math.floor(draw() * 400));
      child.kill('SIGKILL');
      await ended;
      const heard = lines();
      expect(heard.filter((line) => !/^(?:open|notice|k\d+)$/.test(line))).toStrictEqual([]);
      expect(heard).toContain('open');
      if (heard.includes('notice')) notices += 1;
      for (const line of heard) if (line.startsWith('k')) acknowledged.add(line);
    }
    const journal = await openJournal(path);
    const found = new Set((await entriesOf(journal)).map(({ key }) => key));
    expect([...acknowledged].filter((key) => !found.has(key))).toStrictEqual([]);
    expect(acknowledged.size).toBeGreaterThan(1000);
    // Only what was out at a kill may be there without having been acknowledged: eight calls each.
    expect(found.size - acknowledged.size).toBeLessThanOrEqual(25 * 8);
    expect(notices).toBeLessThanOrEqual(25);
    await journal.close();
  });

  it('is refused to a second process while the first one lives', async () => {
    const path = fileOf('', 'calls.jsonl');
    const program = bundled(WRITER);
    const first = writer(program, path, 0);
    await first.said(10);
    const second = writer(program, path, 1_000_000);
    expect(await second.ended).toStrictEqual([3, null]);
    expect(second.lines()).toStrictEqual([
      `JournalLockedError: ${path} is being written by process ${first.child.pid}`,
    ]);
    await expect(openJournal(path)).rejects.toMatchObject({ pid: first.child.pid });
    first.child.kill('SIGKILL');
    await first.ended;
    await (await openJournal(path)).close();
  });

  it('leaves no lock behind when its process just ends', async () => {
    const path = fileOf('', 'calls.jsonl');
    const script = `import { openJournal } from ${JSON.stringify(new URL('../../src/node/file-journal.ts', import.meta.url).href)};
      await openJournal(process.argv[1]); console.log('open'); process.exit(0);`;
    const { lines, ended } = started(process.execPath, ['--input-type=module', '-e', script, path]);
    expect(await ended).toStrictEqual([0, null]);
    expect(lines()).toStrictEqual(['open']);
    expect(() => statSync(`${path}.lock`)).toThrow('ENOENT');
  });
});

it.skipIf(process.platform === 'win32')(
  'stops at the first write that fails in the middle, and has what it acknowledged',
  async () => {
    const path = fileOf('', 'calls.jsonl');
    // A file may have 64 blocks; the signal of a larger one is ignored, so that the write fails instead.
    const limited = `trap '' XFSZ; ulimit -f 64; exec "$@"`;
    const { lines, ended } = started('bash', [
      '-c',
      limited,
      'bash',
      process.execPath,
      bundled(WRITER),
      path,
      '0',
    ]);
    expect(await ended).toStrictEqual([3, null]);
    const heard = lines();
    expect(heard.at(-1)).toBe(`JournalWriteError: ${path} cannot be written: EFBIG`);
    const acknowledged = heard.filter((line) => line.startsWith('k'));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    const journal = await openJournal(path);
    const found = (await entriesOf(journal)).map(({ key }) => key);
    expect(found).toStrictEqual(expect.arrayContaining(acknowledged));
    expect(found).toHaveLength(acknowledged.length);
    await journal.close();
  },
);
