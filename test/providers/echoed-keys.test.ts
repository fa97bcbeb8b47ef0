import fc from 'fast-check';
import { expect, it } from 'vitest';
import { echoOf } from '../../src/providers/echoed-keys.ts';

const KEY = 'Zq7Rw3Xy9Tb2Kd5Mf8Lh';
const plain = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase();

it('finds each piece of eight letters and digits, at any place of a text, and no shorter one', () => {
  const isEcho = echoOf([KEY]);
  const filling = fc.string({ unit: fc.constantFrom('-', 'v', 'u', 'o', '4'), maxLength: 30 });
  fc.assert(
    fc.property(
      fc.tuple(filling, filling),
      fc.integer({ min: 0, max: KEY.length - 8 }),
      fc.integer({ min: 0, max: 12 }),
      ([before, after], from, length) => {
        const text = before + KEY.slice(from, from + length) + after;
        const pieces = Array.from({ length: KEY.length - 7 }, (_, at) => plain(KEY.slice(at, at + 8)));
        expect(isEcho(text)).toBe(pieces.some((piece) => plain(text).includes(piece)));
      },
    ),
    { numRuns: 1000 },
  );
});

it.each([
  ['in another case', KEY.toLowerCase()],
  ['divided', Array.from(KEY).join('-')],
  ['escaped', Array.from(KEY, (letter) => `%${letter.charCodeAt(0).toString(16)}`).join('')],
  ['escaped twice', Array.from(KEY, (letter) => `%25${letter.charCodeAt(0).toString(16)}`).join('')],
  ['in base64', btoa(KEY)],
  ['in base64, after another letter', btoa(`x${KEY}`)],
])('finds a key %s', (_, text) => {
  expect(echoOf([KEY])(`id_${text}`)).toBe(true);
});
