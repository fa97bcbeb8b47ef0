import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bytesOf } from '../../src/domain/most-tokens.ts';

it('counts the bytes of a text as an encoder does, lone surrogates included', () => {
  const parts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('é', '€', '😀', '\ud83d', '\ude00', '\uffff', '\u0000', 'a'.repeat(498)),
  );
  fc.assert(
    fc.property(fc.array(parts), (texts) => {
      const text = texts.join('');
      expect(bytesOf(text)).toBe(new TextEncoder().encode(text).length);
    }),
    { numRuns: 500 },
  );
});
