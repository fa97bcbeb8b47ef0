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
  /** Returns the lines printed so far. */
  readonly lines: () => string[];
  /** Resolves when it has printed this many lines. */
  readonly printed: (count: number) => Promise<void>;
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
    child.emit('printed');
  });
  return {
    child,
    // A kill may cut off the last line.
    lines: () => text.split('\n').slice(0, -1),
    printed: async (wanted) => {
      while (count < wanted && child.exitCode === null) await Promise.race([once(child, 'printed'), ended]);
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
      const { child, lines, printed, ended } = writer(program, path, kill * 1_000_000);
      await printed(1 + Math.floor(draw() * 400));
      child.kill('SIGKILL');
      await ended;
      const output = lines();
      expect(output.filter((line) => !/^(?:open|notice|k\d+)$/.test(line))).toStrictEqual([]);
      expect(output).toContain('open');
      if (output.includes('notice')) notices += 1;
      for (const line of output) if (line.startsWith('k')) acknowledged.add(line);
    }
    const journal = await openJournal(path);
    const found = new Set((await entriesOf(journal)).map(({ key }) => key));
    expect([...acknowledged].filter((key) => !found.has(key))).toStrictEqual([]);
    expect(acknowledged.size).toBeGreaterThan(1000);
    // Only the eight appends in progress at each kill may be written and not acknowledged.
    expect(found.size - acknowledged.size).toBeLessThanOrEqual(25 * 8);
    expect(notices).toBeLessThanOrEqual(25);
    await journal.close();
  });

  it('is refused to a second process while the first one runs', async () => {
    const path = fileOf('', 'calls.jsonl');
    const program = bundled(WRITER);
    const first = writer(program, path, 0);
    await first.printed(10);
    const second = writer(program, path, 1_000_000);
    expect(await second.ended).toStrictEqual([3, null]);
    expect(second.lines()).toStrictEqual([
      `JournalLockedError: ${path} is being written by process ${first.child.pid}; wait until it ends, or choose another path`,
    ]);
    await expect(openJournal(path)).rejects.toMatchObject({ pid: first.child.pid });
    first.child.kill('SIGKILL');
    await first.ended;
    await (await openJournal(path)).close();
  });

  it('leaves no lock behind when its process exits', async () => {
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
  'stops at the first write that fails halfway, and keeps every acknowledged entry',
  async () => {
    const path = fileOf('', 'calls.jsonl');
    // Limits files to 64 blocks, and ignores the signal at that limit, so that the write fails.
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
    const output = lines();
    expect(output.at(-1)).toBe(`JournalWriteError: ${path} cannot be written: EFBIG`);
    const acknowledged = output.filter((line) => line.startsWith('k'));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
    const journal = await openJournal(path);
    const found = (await entriesOf(journal)).map(({ key }) => key);
    expect(found).toStrictEqual(expect.arrayContaining(acknowledged));
    expect(found).toHaveLength(acknowledged.length);
    await journal.close();
  },
);
