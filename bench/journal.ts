/**
 * A journal in a file: appends a second at several concurrencies, bytes an entry, how the heap grows with the
 * number of entries, and how long opening and finding take. Short answers, keys as `callKey` gives them.
 *
 * Run with `--expose-gc`; arguments set the number of entries (1,000,000) and the folder (that of the system).
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearRegression } from 'simple-statistics';
import type { Journal } from '../src/experiment/journal/journal.ts';
import { openJournal } from '../src/node/file-journal.ts';
import { journalEntry, journalKey } from './blocks/write-journal.ts';

const total = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'journal-'));

/** So many lanes, each of which appends its next entry when its last one is written. */
const appendAll = async (journal: Journal, from: number, to: number, lanes: number): Promise<void> => {
  let next = from;
  const lane = async (): Promise<void> => {
    while (next < to) {
      next += 1;
      await journal.append(journalEntry(next - 1));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
};

const memoryMb = (): { readonly heap: number; readonly buffers: number } => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, buffers: arrayBuffers / 2 ** 20 };
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAtMs = performance.now();
  await work();
  return (performance.now() - startedAtMs) / 1000;
};

try {
  console.log('appends a second, by how many are out at a time');
  for (const fsync of [false, true]) {
    for (const lanes of [1, 16, 1000]) {
      const journal = await openJournal(join(folder, `${fsync}-${lanes}.jsonl`), { fsync });
      const count = Math.max(500, Math.min(total / 10, (fsync ? 500 : 5000) * lanes));
      const took = await seconds(() => appendAll(journal, 0, count, lanes));
      await journal.close();
      console.log(
        `  ${String(lanes).padStart(5)}  ${(count / took).toFixed(0).padStart(9)}${fsync ? '  fsync' : ''}`,
      );
    }
  }

  const path = join(folder, 'calls.jsonl');
  const journal = await openJournal(path);
  console.log(`\n${total.toLocaleString('en')} entries, 100 out at a time`);
  console.log('    entries     rate/s   heap MB   typed arrays MB');
  const heaps: [number, number][] = [];
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    const [from, to] = [Math.floor((total * (tenth - 1)) / 10), Math.floor((total * tenth) / 10)];
    const took = await seconds(() => appendAll(journal, from, to, 100));
    const { heap, buffers } = memoryMb();
    heaps.push([to, heap * 2 ** 20]);
    console.log(
      `  ${String(to).padStart(9)} ${((to - from) / took).toFixed(0).padStart(10)} ${heap.toFixed(2).padStart(9)} ${buffers.toFixed(1).padStart(17)}`,
    );
  }
  const lookups = Math.min(total, 10_000);
  const found = await seconds(async () => {
    for (let index = 0; index < lookups; index += 1) {
      if ((await journal.get(journalKey((index * 7919) % total))) === undefined)
        throw new Error('an entry is missing');
    }
  });
  await journal.close();
  // The first tenth is left out: there the code is still being compiled.
  console.log(`  heap slope ${linearRegression(heaps.slice(1)).m.toFixed(3)} bytes an entry`);
  console.log(`  ${(statSync(path).size / total).toFixed(0)} bytes an entry in the file`);
  console.log(`  ${((found / lookups) * 1e6).toFixed(0)} µs to find one, one after the other`);
  const opening = await seconds(async () => {
    const reopened = await openJournal(path);
    if (reopened.count !== total) throw new Error('an entry is missing');
    await reopened.close();
  });
  console.log(
    `  ${opening.toFixed(2)} s to open it again (${(total / opening).toFixed(0)} entries a second)`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
