import { expect, it } from 'vitest';
import { memoryJournal } from '../../../src/experiment/journal/memory-journal.ts';
import { answered, journalContract } from './journal-contract.ts';

journalContract('memoryJournal', async () => memoryJournal());

it('keeps what was appended apart from what its owner does with it later', async () => {
  const journal = memoryJournal();
  const response = { text: 'before' };
  await journal.append({ ...answered('k1'), response });
  response.text = 'after';
  const first = await journal.get('k1');
  expect(first?.response?.text).toBe('before');
  expect(await journal.get('k1')).not.toBe(first);
});

it('refuses an entry that is longer than any line, and goes on', async () => {
  const journal = memoryJournal();
  // The line has the text, and characters of its own.
  const around = JSON.stringify(answered('k1', '')).length;
  const longest = 67_108_864 - around;
  await expect(journal.append(answered('k1', 'x'.repeat(longest + 1)))).rejects.toMatchObject({
    name: 'ConfigError',
    message: expect.stringContaining(
      'append: the entry cannot be written: it has more than 67108864 characters',
    ),
  });
  await journal.append(answered('k1', 'x'.repeat(longest)));
  expect(journal.count).toBe(1);
});
