import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';

describe('lowercaseTrim', () => {
  it.each([
    ['Paris', 'paris'],
    ['  **Paris.** ', 'paris'],
    ['"Paris".', 'paris'],
    ['“Hi.”', 'hi'],
    ['`x`', 'x'],
    ['New \n\t York', 'new york'],
    ['Paris</s></s>', 'paris'],
    ['Paris<|im_end|>', 'paris'],
    ['<think>Rome?</think>\n\nParis', 'paris'],
    ['Well: <ANSWER>New   York</ANSWER>.', 'new york'],
    ['```json\n{"why": "x", "answer": "Paris"}\n```', 'paris'],
    ['{"answer": "two\\nlines \\"quoted\\""}', 'two lines "quoted"'],
    ['It is \\boxed{Paris}', 'paris'],
    ['Thus\n#### Paris', 'paris'],
    ['#### Heading\nParis', '#### heading paris'],
    ['The answer is Paris', 'paris'],
    ['It has a tower.\n\n**Final answer:** Paris.', 'paris'],
    ['So the answer is: "Paris"', 'paris'],
    ['I think the answer is Paris', 'i think the answer is paris'],
    ['There is no answer: sorry', 'there is no answer: sorry'],
    ['wait...', 'wait...'],
    ['ＰＡＲＩＳ', 'paris'],
    ['Cafe\u0301', 'café'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['10²', '10²'],
  ])('%j is %j', (text, expected) => {
    expect(lowercaseTrim(text)).toBe(expected);
  });

  it.each(['', ' \n ', '\u200b', '**', '""'])('abstains when nothing is left of %j', (text) => {
    expect(abstentionReason(lowercaseTrim(text))).toContain('not found');
  });

  it('leaves a normal answer as it is when read again', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){0,3}$/), (text) => {
        expect(lowercaseTrim(`  "**${text.toUpperCase()}**". `)).toBe(text);
        expect(lowercaseTrim(text)).toBe(text);
      }),
    );
  });
});
