import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportedByProvider } from '../../../src/domain/provider-report.ts';
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

class Instance {
  readonly text = '4';
}

const shared = { a: 1 };

const cycle: Record<string, unknown> = {};
cycle.itself = cycle;

/** Values that JSON would change, drop or not write, and what is said about them. */
const unwritable: readonly (readonly [string, unknown, string])[] = [
  ['a BigInt', 5n, ' is a BigInt'],
  ['a function', () => 5, ' is a function'],
  ['a symbol', Symbol('s'), ' is a symbol'],
  ['a cycle', cycle, '.itself.itself'],
  ['a date', new Date(0), ' is an instance of a class'],
  ['an instance of a class', new Instance(), ' is an instance of a class'],
  ['a map', new Map([['a', 1]]), ' is an instance of a class'],
  ['a boxed number', Object(5), ' is an instance of a class'],
  ['a toJSON function', { toJSON: () => 'text' }, '.toJSON is a function'],
  ['undefined in an array', [1, undefined], '[1] is undefined'],
  ['a hole in an array', new Array(3), ' is an array with holes or properties'],
  ['a property of an array', Object.assign([1], { own: 2 }), ' is an array with holes or properties'],
  ['NaN in an array', [{ a: [Number.NaN] }], '[0].a[0] is not a finite number'],
  ['−0', { a: -0 }, '.a is −0, which JSON writes as 0'],
  ['a symbol as a name', { [Symbol('s')]: 1 }, ' has a member whose name is a symbol'],
  [
    'a property that throws',
    {
      get a(): number {
        throw new Error('sk-canary');
      },
    },
    ' throws when it is read',
  ],
  ['a proxy that throws', new Proxy({}, { ownKeys: () => undefined as never }), ' throws when it is read'],
];

/** Values that JSON has. */
const writable: readonly (readonly [string, unknown])[] = [
  ['half a surrogate pair', '\ud800 and \udc00'],
  ['null', null],
  ['an empty text', ''],
  ['a large number', Number.MAX_VALUE],
  ['a small number', Number.MIN_VALUE],
  ['a number with many digits', 0.1 + 0.2],
  ['a member named __proto__', JSON.parse('{"__proto__":{"a":1},"constructor":2}')],
  ['nested data', { a: [{ b: [true, false, null, [], {}] }] }],
  ['the same object twice', [shared, shared]],
  ['what looks like a sum', { sum: '00000000', a: '","sum":"00000000"}' }],
  ['control characters', '\u0000\b\f\n\r\t\u001f\u007f\u2028\u2029\ufeff'],
];

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
      ['without a model', { ...answered('k1'), model: undefined }],
      ['without a status', { ...answered('k1'), status: undefined }],
      ['with a status of its own and both results', { ...answered('k1'), ...failed('k1'), status: 'done' }],
      ['with a response that is a text', { ...answered('k1'), response: 'Paris' }],
      ['with a response without text', { ...answered('k1'), response: { text: 5 } }],
      ['with an error that is a text', { ...failed('k1'), error: 'too late' }],
      ['with an error without a name', { ...failed('k1'), error: { message: 'too late' } }],
      ['with the response of another status', { ...failed('k1'), status: 'answered' }],
    ])('refuses an entry %s, and goes on', async (_, entry) => {
      const journal = await open();
      await expect(journal.append(entry as unknown as JournalEntry)).rejects.toThrow(
        'append: expected { key',
      );
      await journal.append(answered('k2'));
      expect(await entriesOf(journal)).toStrictEqual([answered('k2')]);
      await journal.close();
    });

    it.each(unwritable)(
      'refuses an entry with %s, says where it is, and goes on',
      async (_, extra, reason) => {
        const journal = await open();
        const entry = { ...answered('k1'), response: { text: '4', extra } };
        await expect(journal.append(entry)).rejects.toMatchObject({
          name: 'ConfigError',
          message: expect.stringContaining(`append: the entry cannot be written: response.extra${reason}`),
        });
        expect(await journal.get('k1')).toBeUndefined();
        await journal.append(answered('k2'));
        expect(await entriesOf(journal)).toStrictEqual([answered('k2')]);
        await journal.close();
      },
    );

    it.each(writable)('gives back %s as it was', async (_, extra) => {
      const journal = await open();
      const entry = { ...answered('k1'), response: { text: '4', extra } };
      await journal.append(entry);
      expect(await journal.get('k1')).toStrictEqual(entry);
      await journal.close();
    });

    it('leaves out what a provider reported with a response', async () => {
      const journal = await open();
      const report = reportedByProvider({ metadata: { id: 'r1' } });
      await journal.append({ ...answered('k1'), response: { text: '4', ...report } });
      expect((await journal.get('k1'))?.response).toStrictEqual({ text: '4' });
      await journal.close();
    });

    it('refuses what is no entry at all', async () => {
      const journal = await open();
      for (const entry of [undefined, null, 5, 'text', 5n, Symbol('s'), () => {}, [], new Map()]) {
        await expect(journal.append(entry as unknown as JournalEntry)).rejects.toMatchObject({
          name: 'ConfigError',
        });
      }
      for (const key of [undefined, null, 5, 5n, Symbol('s'), {}]) {
        await expect(journal.get(key as string)).rejects.toMatchObject({
          name: 'ConfigError',
          message: expect.stringContaining('get: the key must be a string, but got '),
        });
      }
      expect(journal.count).toBe(0);
      await journal.close();
    });

    it('writes what an entry holds when it is appended, whatever it holds afterwards', async () => {
      const journal = await open();
      const entry = { ...answered('k1'), response: { text: 'before' } };
      const written = journal.append(entry);
      entry.response.text = 'after';
      await written;
      expect((await journal.get('k1'))?.response?.text).toBe('before');
      let reads = 0;
      const changing = {
        ...answered('k2'),
        get latencyMs() {
          reads += 1;
          return reads === 1 ? 5 : 5n;
        },
      };
      await journal.append(changing as JournalEntry);
      expect(await journal.get('k2')).toMatchObject({ latencyMs: 5 });
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
