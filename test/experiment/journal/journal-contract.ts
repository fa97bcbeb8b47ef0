import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Journal, JournalEntry } from '../../../src/experiment/journal/journal.ts';

/** An answered call, and a failed one. */
export const answered = (key: string, text = 'Paris'): JournalEntry => ({
  key,
  model: 'small',
  status: 'answered',
  latencyMs: 420.5,
  response: { text, usage: { inputTokens: 31, outputTokens: 2 }, costUsd: 0.00004, finishReason: 'stop' },
});

export const failed = (key: string, message = 'small: no answer within 5 ms'): JournalEntry => ({
  key,
  model: 'small',
  status: 'failed',
  latencyMs: 5,
  error: { name: 'TimeoutError', message, isRetryable: true },
});

export const entriesOf = async (journal: Journal): Promise<JournalEntry[]> => {
  const entries: JournalEntry[] = [];
  for await (const entry of journal.entries()) entries.push(entry);
  return entries;
};

/** Which entries count, and in what order, said once more in the plainest way. */
const model = (entries: readonly JournalEntry[]): JournalEntry[] => {
  const kept: JournalEntry[] = [];
  for (const entry of entries) {
    const at = kept.findIndex(({ key }) => key === entry.key);
    if (at !== -1 && kept[at]?.status === 'answered' && entry.status === 'failed') continue;
    if (at !== -1) kept.splice(at, 1);
    kept.push(entry);
  }
  return kept;
};

const arbitraryEntry = fc
  .tuple(fc.constantFrom('a', 'b', '__proto__', ''), fc.boolean(), fc.string({ unit: 'binary' }))
  .map(([key, isAnswered, text]) => (isAnswered ? answered(key, text) : failed(key, text)));

/** What holds for every journal. */
export const journalContract = (name: string, open: () => Promise<Journal>): void => {
  describe(`${name} as a journal`, () => {
    it('gives back what was appended, and nothing under other keys', async () => {
      const journal = await open();
      const entry = { ...answered('k1'), firstTokenMs: 12 };
      await journal.append(entry);
      expect(await journal.get('k1')).toStrictEqual(entry);
      expect(await journal.get('k2')).toBeUndefined();
      expect(journal.count).toBe(1);
      await journal.close();
    });

    it('never lets a failed call replace an answered one', async () => {
      const journal = await open();
      await journal.append(answered('k1', 'first'));
      await journal.append(failed('k1'));
      expect(await journal.get('k1')).toStrictEqual(answered('k1', 'first'));
      await journal.append(answered('k1', 'second'));
      expect(await journal.get('k1')).toStrictEqual(answered('k1', 'second'));
      expect(journal.count).toBe(1);
      await journal.close();
    });

    it('keeps the entry that counts under each key, for any appended entries', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(arbitraryEntry, { maxLength: 12 }),
          fc.boolean(),
          async (entries, isBurst) => {
            const journal = await open();
            if (isBurst) await Promise.all(entries.map(journal.append));
            else for (const entry of entries) await journal.append(entry);
            const expected = model(entries);
            expect(await entriesOf(journal)).toStrictEqual(expected);
            expect(await Promise.all(expected.map(({ key }) => journal.get(key)))).toStrictEqual(expected);
            expect(journal.count).toBe(expected.length);
            await journal.close();
          },
        ),
        { numRuns: 30 },
      );
    });

    it('leaves out numbers that JSON has no word for', async () => {
      const journal = await open();
      await journal.append({ ...answered('k1'), response: { text: '4', confidence: Number.NaN } });
      expect((await journal.get('k1'))?.response).toStrictEqual({ text: '4' });
      await journal.close();
    });

    it.each([
      ['without its response', { ...answered('k1'), response: undefined }],
      ['without its error', { ...failed('k1'), error: undefined }],
      ['with a latency that is none', { ...answered('k1'), latencyMs: Number.NaN }],
      ['without a key', { ...answered('k1'), key: undefined }],
    ])('refuses an entry %s, and goes on', async (_, entry) => {
      const journal = await open();
      await expect(journal.append(entry as unknown as JournalEntry)).rejects.toThrow(
        'append: expected { key',
      );
      await journal.append(answered('k2'));
      expect(await entriesOf(journal)).toStrictEqual([answered('k2')]);
      await journal.close();
    });

    it('accepts nothing once it is closed, which it can be twice', async () => {
      const journal = await open();
      const last = journal.append(answered('k1'));
      await journal.close();
      await journal.close();
      await expect(last).resolves.toBeUndefined();
      await expect(journal.append(answered('k2'))).rejects.toMatchObject({
        name: 'JournalWriteError',
        message: expect.stringContaining('it is closed'),
      });
    });
  });
};
