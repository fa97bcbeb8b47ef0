import crypto, { timingSafeEqual } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../src/domain/hash-at-once.ts';
import { equalBytes, equalDigests, sha256Of } from '../../src/server/digests.ts';

const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 });

describe('digests', () => {
  it('are compared by timingSafeEqual of Node', async () => {
    expect(nodeCrypto().timingSafeEqual).toBe(crypto.timingSafeEqual);
    const [one = '', other = ''] = await Promise.all(['key-1', 'key-2'].map(sha256Of));
    expect(equalDigests(one, one)).toBe(true);
    expect(equalDigests(one, other)).toBe(false);
    expect(equalDigests(one, one.slice(1))).toBe(false);
  });

  it('are compared alike where Node is not', () => {
    fc.assert(
      fc.property(bytes, fc.nat(63), fc.nat(255), (one, place, byte) => {
        const other = one.with(place, byte);
        expect(equalBytes(one, other)).toBe(timingSafeEqual(one, other));
      }),
    );
  });
});
