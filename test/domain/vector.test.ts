import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVector, encodeVector, isFiniteVector } from '../../src/domain/vector.ts';

describe('vectors as base64', () => {
  it('writes 32-bit floats with the lowest byte first, as the API of OpenAI does', () => {
    expect(encodeVector([1, -2])).toBe(Buffer.from(Float32Array.of(1, -2).buffer).toString('base64'));
  });

  it('reads what it writes, of any length', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, maxLength: 5000 }), (numbers) => {
        expect(decodeVector(encodeVector(numbers))).toEqual(numbers);
      }),
    );
  });

  it.each([undefined, 7, '', 'no base64!', 'AAA=', 'AAAAAAA='])('reads nothing in %j', (text) => {
    expect(decodeVector(text)).toBeUndefined();
  });

  it('finds each number that is not finite', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, maxLength: 40 }), (numbers) => {
        expect(isFiniteVector(numbers)).toBe(numbers.every(Number.isFinite));
      }),
    );
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(isFiniteVector(Float32Array.of(1, value, 2))).toBe(false);
  });
});
