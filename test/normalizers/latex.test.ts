import { describe, expect, it } from 'vitest';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { numeric } from '../../src/normalizers/numeric.ts';
import { plainField, TYPE_COMMANDS, withPlainBlanks } from '../../src/normalizers/reading/latex.ts';

describe('LaTeX that only sets type', () => {
  it.each(TYPE_COMMANDS)('\\%s changes no answer of any normalizer', (command) => {
    const set = (content: string): string => `\\boxed{\\${command}{${content}}}`;
    expect(numeric(set('42'))).toBe(42);
    expect(choice(['A', 'B'])(set('B'))).toBe('B');
    expect(boolean(set('no'))).toBe(false);
    expect(lowercaseTrim(set('Paris'))).toBe('paris');
  });
});

describe('plainField', () => {
  it.each([
    ['\\frac{1}{2}', ' 1/2 '],
    ['\\dfrac12', ' 1/2 '],
    ['{3 \\over 4}', ' 3/4 '],
    ['\\frac{a}{2}', '\\frac{a}{2}'],
    ['1{,}234', '1,234'],
    ['5\\,\\text{kg}', '5  kg '],
    ['\\$5 \\& 3\\%', '$5 & 3%'],
    ['\\left(B\\right)', '(B)'],
    ['2 \\times 3 \\cdot 4', '2 × 3 · 4'],
    ['\\sqrt{2}', '\\sqrt{2}'],
  ])('of %j is %j', (content, plain) => {
    expect(plainField(content)).toBe(plain);
  });
});

it('withPlainBlanks leaves a text without LaTeX as it is', () => {
  expect(withPlainBlanks('1, 2 and ~3')).toBe('1, 2 and ~3');
  expect(withPlainBlanks('1\\;2\\quad 3')).toBe('1 2  3');
});
