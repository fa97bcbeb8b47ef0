/**
 * A process that appends entries as fast as it can until it is killed, several at a time, and says on standard
 * output which ones were acknowledged. Run with the path of the journal, where keys begin, and how long texts are.
 */
import { writeSync } from 'node:fs';
import { openJournal } from '../../src/node/file-journal.ts';

const [path = '', first = '0', length = '20'] = process.argv.slice(2);

/** At once: what stays in a buffer of this process dies with it, and was acknowledged all the same. */
const say = (text: string): void => {
  writeSync(1, `${text}\n`);
};

try {
  const journal = await openJournal(path, { onNotice: () => say('notice') });
  say('open');
  let next = Number(first);
  const write = async (): Promise<void> => {
    for (;;) {
      const key = `k${next}`;
      next += 1;
      const text = 'x'.repeat(Number(length));
      await journal.append({ key, model: 'small', status: 'answered', latencyMs: 1, response: { text } });
      say(key);
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
} catch (error) {
  say(error instanceof Error ? `${error.name}: ${error.message}` : 'no error');
  process.exitCode = 3;
}
