/** What reads and writes files: the journal, datasets, tables, and the command line. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { createEnsemble, simulated } from 'crucible-ensemble';
import { runExperiment } from 'crucible-ensemble/experiment';
import { bridgeToDiagnosticsChannel, exportToCsv, openJournal, readDataset } from 'crucible-ensemble/node';
import { all, type Checks } from './checks.ts';

const inFolder = async (task: (folder: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  try {
    await task(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const dataset = Array.from({ length: 20 }, (_, n) => ({ id: `${n}`, question: `What is ${n} * 3?` }));

/** Runs the command line of the package under the runtime that runs this file. */
const commandLine = (...args: readonly string[]) => {
  const manifest = createRequire(import.meta.url).resolve('crucible-ensemble/package.json');
  const bin = join(dirname(manifest), 'dist/bundle/bin.js');
  const flags = 'Deno' in globalThis ? ['run', '--allow-all'] : [];
  return promisify(execFile)(process.execPath, [...flags, bin, ...args]);
};

export const checks: Checks = {
  'keeps a journal, continues it and refuses a second writer': () =>
    inFolder(async (folder) => {
      const path = join(folder, 'journal.jsonl');
      const models = [simulated({ id: 'a', accuracy: 1 })];
      const run = async (questions: typeof dataset): Promise<number> => {
        const journal = await openJournal(path);
        await assert.rejects(openJournal(path), { name: 'JournalLockedError' });
        await all(runExperiment({ dataset: questions, conditions: { one: { models } }, journal }));
        const { count } = journal;
        await journal.close();
        return count;
      };
      assert.equal(await run(dataset.slice(0, 10)), 10);
      appendFileSync(path, '{"cut');
      assert.equal(await run(dataset), 20);
    }),
  'reads datasets, also gzipped, and writes tables': () =>
    inFolder(async (folder) => {
      const lines = `${dataset.map((question) => JSON.stringify(question)).join('\n')}\n`;
      writeFileSync(join(folder, 'd.jsonl'), lines);
      writeFileSync(join(folder, 'd.jsonl.gz'), gzipSync(lines));
      writeFileSync(join(folder, 'd.csv'), 'id,question\n1,"What is ""2 + 2""?"\n');
      assert.equal((await all(readDataset(join(folder, 'd.jsonl')))).length, 20);
      assert.equal((await all(readDataset(join(folder, 'd.jsonl.gz')))).length, 20);
      assert.equal((await all(readDataset(join(folder, 'd.csv'))))[0]?.question, 'What is "2 + 2"?');
      const ensemble = createEnsemble({ models: [simulated({ id: 'a', accuracy: 1 })] });
      assert.equal(await exportToCsv([await ensemble.predict('What is 6 * 7?')], join(folder, 't.csv')), 1);
      assert.match(readFileSync(join(folder, 't.csv'), 'utf8'), /42/);
    }),
  'tells a diagnostics channel': async () => {
    const { channel } = await import('node:diagnostics_channel');
    const ensemble = createEnsemble({ models: [simulated({ id: 'a', accuracy: 1 })] });
    const seen: unknown[] = [];
    const note = (message: unknown): void => void seen.push(message);
    channel('crucible-ensemble:predict:stop').subscribe(note);
    const undo = bridgeToDiagnosticsChannel(ensemble);
    await ensemble.predict('What is 6 * 7?');
    undo();
    channel('crucible-ensemble:predict:stop').unsubscribe(note);
    assert.equal(seen.length, 1);
  },
  'runs the command line': async () => {
    const { stdout } = await commandLine('predict', 'What is 17 * 23?');
    assert.match(stdout, /391/);
  },
};
