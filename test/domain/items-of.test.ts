import { describe, expect, it } from 'vitest';
import { itemsOf } from '../../src/domain/items-of.ts';
import { hostilePromises } from '../hooks/hostile.ts';
import { unhandledDuring } from '../hooks/unhandled-during.ts';

describe('the items of a caller', () => {
  it('are awaited, whatever the source', async () => {
    const items = [1, Promise.resolve(2), { a: 3 }];
    const expected = [1, 2, { a: 3 }];
    expect(await Array.fromAsync(itemsOf(items))).toStrictEqual(expected);
    const later = (async function* () {
      yield* items;
    })();
    expect(await Array.fromAsync(itemsOf(later))).toStrictEqual(expected);
  });

  it.each(hostilePromises)('may be %s', async (_, make) => {
    const unhandled = await unhandledDuring(async () => {
      const first = itemsOf([make()])
        .next()
        .catch(() => undefined);
      await Promise.race([first, new Promise((resolve) => setImmediate(resolve))]);
    });
    expect(unhandled).toStrictEqual([]);
  });

  it('closes a source that is left', async () => {
    let isClosed = false;
    const source = (function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        isClosed = true;
      }
    })();
    for await (const _ of itemsOf(source)) break;
    expect(isClosed).toBe(true);
  });
});
