import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/normalizers/reading/fold.ts';

describe('fold', () => {
  it.each([
    ['plain ASCII', 'plain ASCII'],
    ['４２', '42'],
    ['（Ｂ）　ｙｅｓ', '(B) yes'],
    ['1\u200b2\u200d3\ufeff', '123'],
    ['\u202eabc\u202c', 'abc'],
    ['soft\u00adhyphen', 'softhyphen'],
    ['e\u0301', 'é'],
    ['a\ud800b', 'a\ufffdb'],
    ['10²', '10²'],
    ['½', '½'],
    ['x\u{e0041}', 'x'],
  ])('turns %j into %j', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });

  it('keeps at most 30 combining marks in a row', () => {
    expect(fold(`x${'\u0315\u0300'.repeat(5000)}y`)).toHaveLength(32);
  });

  it('changes nothing the second time, and is well-formed', () => {
    const odd = fc.constantFrom(
      '\u0300',
      '\u0315',
      '\u0958',
      '\u0344',
      '\u1100',
      '\u1161',
      '\ud800',
      '\udc00',
      '\u200b',
      '１',
      'e',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: odd, maxLength: 80 }),
      fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const folded = fold(text);
        expect(fold(folded)).toBe(folded);
        expect(folded.isWellFormed()).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
