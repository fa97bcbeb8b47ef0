import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endsWith } from '../../src/normalizers/reading/sticky.ts';

const patterns = ['(?:^|[^a])(?:b|ab|a{1,3}c)\\s+(?:d )?', 'a(?!b)b?', '(?<!a)b*', '[^.]{0,3}c'];

it('tells whether a text ends with a pattern, as the same pattern before the end does', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...patterns),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd ', ' ', '.') }),
      (pattern, text) => {
        expect(endsWith(text, new RegExp(`(?<=${pattern})`, 'y'))).toBe(
          new RegExp(`(?:${pattern})$`).test(text),
        );
      },
    ),
    { numRuns: 2000 },
  );
});
