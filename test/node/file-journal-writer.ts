/**
 * A program that appends entries as fast as it can, several at a time, until it is killed, and prints the acknowledged
 * keys. Its arguments are the path of the journal, the number of the first key, and the length of the texts.
 */
import { writeSync } from 'node:fs';
import { openJournal } from '../../src/node/file-journal.ts';

const [path = '', first = '0', length = '20'] = process.argv.slice(2);

/** Writes synchronously, because buffered output would be lost with the process, although it was acknowledged. */
const print = (text: string): void => {
  writeSync(1, `${text}\n`);
};

try {
  const journal = await openJournal(path, { onNotice: () => print('notice') });
  print('open');
  let next = Number(first);
  const write = async (): Promise<void> => {
    for (;;) {
      const key = `k${next}`;
      next += 1;
      const text = 'x'.repeat(Number(length));
      await journal.append({ key, model: 'small', status: 'answered', latencyMs: 1, response: { text } });
      print(key);
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
} catch (error) {
  print(error instanceof Error ? `${error.name}: ${error.message}` : 'no error');
  process.exitCode = 3;
}
