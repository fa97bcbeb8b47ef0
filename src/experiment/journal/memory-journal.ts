import { JournalWriteError } from '../../domain/errors.ts';
import { reading } from '../../options.ts';
import { type Journal, type JournalEntry, replaces } from './journal.ts';
import { refuseOtherKey, toLine } from './journal-line.ts';

/**
 * A journal in memory, for tests and browsers. Entries are read as copies, as from a file.
 *
 * @example
 * ```ts
 * import { memoryJournal } from 'crucible-ensemble/experiment';
 *
 * const journal = memoryJournal();
 * const call = { key: 'k1', model: 'small', latencyMs: 420 };
 * await journal.append({ ...call, status: 'answered', response: { text: 'Paris' } });
 * await journal.append({ ...call, status: 'failed', error: { name: 'TimeoutError', message: 'no answer', isRetryable: true } });
 * (await journal.get('k1'))?.response?.text; // => 'Paris'
 * journal.count; // => 1
 * ```
 */
export const memoryJournal = (): Journal => {
  return reading('memoryJournal', () => {
    const lines = new Map<string, { readonly status: JournalEntry['status']; readonly line: string }>();
    let isClosed = false;
    return {
      async get(key) {
        refuseOtherKey(key);
        const found = lines.get(key);
        return found === undefined ? undefined : JSON.parse(found.line);
      },
      async append(given) {
        if (isClosed) throw new JournalWriteError('the journal in memory', 'it is closed');
        const { line, entry } = toLine(given);
        const earlier = lines.get(entry.key);
        if (earlier !== undefined && !replaces(entry, earlier)) return;
        // Deleted first, so that it moves to the end, as in a file.
        lines.delete(entry.key);
        lines.set(entry.key, { status: entry.status, line });
      },
      async *entries() {
        for (const { line } of [...lines.values()]) yield JSON.parse(line) as JournalEntry;
      },
      get count() {
        return lines.size;
      },
      async close() {
        isClosed = true;
      },
    };
  });
};
