import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alternation } from '../../src/normalizers/reading/alternation.ts';

const patterns = ['answers?', 'answ', 'a*b', '[ab]c', '[ab]d', '\\[b', '\\[c', '(?:a|b)?c', 'ba', 'b(?=c)'];

const found = (source: string, text: string): readonly string[] =>
  Array.from(text.matchAll(new RegExp(source, 'gi')), ({ index, 0: match }) => `${index}: ${match}`);

it('groups patterns by the character that they begin with', () => {
  expect(alternation(['answer', 'antwort', 'result'])).toBe('a(?:nswer|ntwort)|r(?:esult)');
  expect(alternation(['\\[a', '\\[b', '[ab]', '[ab]c'])).toBe('\\[(?:a|b)|[ab](?:|c)');
});

it('leaves a pattern whole whose first character may be missing or repeated', () => {
  expect(alternation(['a?b', 'a+c', '(?:a)b'])).toBe('(?:a?b|a+c|(?:a)b)');
});

it('matches what each of the patterns matches', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...patterns),
      fc.constantFrom(...patterns),
      fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'A', '[', 'answer', 's') }),
      (one, other, text) => {
        expect(found(alternation([one, other]), text)).toEqual(found(`${one}|${other}`, text));
      },
    ),
  );
});
