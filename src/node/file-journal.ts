import type { Journal } from '../experiment/journal/journal.ts';
import { nodeSystem } from './journal/node-system.ts';
import { type JournalOptions, openJournalOn } from './journal/open-journal.ts';

/**
 * Opens a journal in a file: one line of JSON for each call, written when the call ends, so that the next process finds it.
 * An entry whose `append` has resolved survives the end of this process, however it ends; with `fsync`, also a failure of
 * the machine.
 *
 * ```text
 * append a    ^--|        a is written alone
 * append b     ^----|     b and c are written together after that
 * append c      ^---|
 * ```
 *
 * The first line is `{ journal, version, fingerprint?, sum }`. The `sum` of each line depends on all lines before it. This
 * detects a changed bit or a missing line when the journal is opened and when an entry is read. Entries are read from the
 * file; memory holds a table outside of the heap, with 16 bytes a slot, up to two thirds full. Opening reads the whole file.
 *
 * Opening drops incomplete lines that a crash left at the end of the file, and notifies `onNotice`. Only one process writes
 * at a time: `<path>.lock` names it until `close`, or until it exits. The lock of a dead process is taken over. If a write
 * fails, or another program has changed the file, that `append` and all later ones reject with `JournalWriteError`. `append`
 * rejects with `ConfigError` if JSON would change an entry; so do `get` and `entries` after `close`. They reject with
 * `JournalCorruptError` if the file has changed.
 *
 * @throws {ConfigError} if an option is invalid; if the file is not a journal, not a regular file, has another version or
 * another fingerprint; if it does not exist and `readOnly` is set.
 * @throws {JournalCorruptError} if a line is damaged, or missing before another one. The file is not changed.
 * @throws {JournalLockedError} if another process, or this one, has it open for writing.
 * @throws {JournalWriteError} if the file cannot be opened for writing, or has hard links, because each link has its own
 * lock.
 *
 * @example
 * ```ts
 * import { mkdtempSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { openJournal } from 'crucible-ensemble/node';
 *
 * const path = join(mkdtempSync(join(tmpdir(), 'journal-')), 'calls.jsonl');
 * const journal = await openJournal(path);
 * await journal.append({ key: 'k1', model: 'small', status: 'answered', latencyMs: 420, response: { text: '4' } });
 * await journal.close();
 *
 * const reopened = await openJournal(path, { readOnly: true });
 * (await reopened.get('k1'))?.response?.text; // => '4'
 * reopened.count; // => 1
 * await reopened.close();
 * ```
 */
export const openJournal = (path: string, options: JournalOptions = {}): Promise<Journal> =>
  openJournalOn(nodeSystem, path, options);
