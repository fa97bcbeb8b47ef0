import { expect, test } from 'vitest';
import { isRecord } from '../../src/domain/is-record.ts';

const { proxy, revoke } = Proxy.revocable([], {});
revoke();

test.each<readonly [string, unknown, boolean]>([
  ['an object', { a: 1 }, true],
  ['an array', [1], false],
  ['null', null, false],
  ['a text', 'a', false],
  ['a revoked proxy, which cannot be told from an object', proxy, true],
])('%s', (_, value, expected) => {
  expect(isRecord(value)).toBe(expected);
});
