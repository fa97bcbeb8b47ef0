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
