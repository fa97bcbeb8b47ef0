import { describe, expect, it } from 'vitest';
import { createKeyTable } from '../../../src/node/journal/key-table.ts';

describe('the table of the keys of a journal', () => {
  it('has the positions of each of many keys, and of no other', () => {
    const table = createKeyTable();
    for (let index = 0; index < 5000; index += 1) {
      expect(table.positionsOf(`key ${index}`)).toStrictEqual([]);
      table.add(`key ${index}`, index + 1);
    }
    for (let index = 0; index < 5000; index += 1) {
      expect(table.positionsOf(`key ${index}`)).toStrictEqual([index + 1]);
      expect(table.positionsOf(`other ${index}`)).toStrictEqual([]);
    }
  });

  it('tells keys apart that differ in a few letters, in each of their halves', () => {
    const table = createKeyTable();
    const keys: string[] = [];
    for (let one = 0; one < 60; one += 1) {
      for (let other = 0; other < 60; other += 1) {
        const [a, b] = [String.fromCharCode(33 + one), String.fromCharCode(33 + other)];
        keys.push(a + b, `${a}${b}same`, `same${a}${b}`, `${a} much later ${b}`, `é${a}\u{1f642}${b}`);
      }
    }
    for (const [index, key] of keys.entries()) {
      expect(table.positionsOf(key), key).toStrictEqual([]);
      table.add(key, index + 1);
    }
    for (const [index, key] of keys.entries()) expect(table.positionsOf(key)).toStrictEqual([index + 1]);
  });

  it('keeps positions beyond 4 GiB', () => {
    const table = createKeyTable();
    table.add('a', 2 ** 53 - 1);
    table.add('b', 2 ** 32);
    expect(table.positionsOf('a')).toStrictEqual([2 ** 53 - 1]);
    expect(table.positionsOf('b')).toStrictEqual([2 ** 32]);
  });

  it('keeps several positions of a key, of which one can be moved', () => {
    const table = createKeyTable();
    for (const position of [1, 2, 3]) table.add('a', position);
    table.add('b', 2);
    table.move('a', 2, 9);
    expect(table.positionsOf('a').toSorted()).toStrictEqual([1, 3, 9]);
    expect(table.positionsOf('b')).toStrictEqual([2]);
    table.move('a', 7, 8);
    table.move('c', 1, 8);
    expect(table.positionsOf('a').toSorted()).toStrictEqual([1, 3, 9]);
    expect(table.positionsOf('c')).toStrictEqual([]);
  });
});
