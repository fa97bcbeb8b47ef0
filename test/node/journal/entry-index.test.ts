import { expect, it } from 'vitest';
import { createEntryIndex } from '../../../src/node/journal/entry-index.ts';
import { answered, failed } from '../../experiment/journal/journal-contract.ts';

it('the index of a journal reads an entry only if its key is known, and waits only then', async () => {
  const entries = [failed('a'), failed('b'), answered('a'), failed('a'), answered('a', 'again')];
  const read: number[] = [];
  const index = createEntryIndex(async (position) => {
    read.push(position);
    return entries[position - 1] ?? expect.unreachable();
  });
  expect([index.add(failed('a'), 1), index.add(failed('b'), 2)]).toStrictEqual([undefined, undefined]);
  expect(read).toStrictEqual([]);
  for (const [at, entry] of [...entries.entries()].slice(2)) await index.add(entry, at + 1);
  expect(read).toStrictEqual([1, 3, 3]);
  expect(await index.find('a')).toBe(entries[4]);
  expect(await index.find('b')).toBe(entries[1]);
  expect(await index.find('c')).toBeUndefined();
  expect([1, 2, 3, 4, 5].filter((position) => index.isCurrent('a', position))).toStrictEqual([5]);
  expect(index.count).toBe(2);
});
