import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { type Abstention, type AnswerOf, abstentionReason } from '../../src/domain/normalizer.ts';
import { choice } from '../../src/normalizers/choice.ts';

const letters = choice(['A', 'B', 'C', 'D', 'I']);
const cities = choice(['York', 'New York', 'São Paulo', 'C++', 'C']);

describe('choice reads letters', () => {
  it.each([
    ['B', 'B'],
    ['b', 'B'],
    ['(B)', 'B'],
    ['B)', 'B'],
    ['B.', 'B'],
    ['**B**', 'B'],
    ['option b', 'B'],
    ['The answer is (C)', 'C'],
    ['the answer is c.', 'C'],
    ['The correct answer is option D', 'D'],
    ['Answer:\n\n(D) because B is too small', 'D'],
    ['{"answer": "B. Paris"}', 'B'],
    ['$\\boxed{\\text{B}}$ or A', 'B'],
    ['the result is \\boxed{17}, so the answer is (B)', 'B'],
    ['<answer>c</answer>', 'C'],
    ['#### B', 'B'],
    ['the answer is A, B is wrong', 'A'],
    ['A is too small and B too big: C', 'C'],
    ['A man said: (B)', 'B'],
    ['I think it must be a sort of D', 'D'],
    ['The answer is I.', 'I'],
    ['The answer is (A).\n\nThe answer is (B).', 'B'],
    ['The answer is A.\nWait, no. The answer is B.', 'B'],
    ['The answer is A.\n\nFinal answer: B', 'B'],
    ['The answer is (B).\n\nQuestion: 2 + 2?\nAnswer: (C)\n\\boxed{D}', 'B'],
  ] as const)('%j is %s', (text, expected) => {
    expect(letters(text)).toBe(expected);
  });
});

describe('choice reads words, the longest that fits, spelled as listed', () => {
  it.each([
    ['new york', 'New York'],
    ['I would say YORK', 'York'],
    ['I would say new york.', 'New York'],
    ['sao paulo? no: Sa\u0303o Paulo', 'São Paulo'],
    ['written in C++', 'C++'],
  ] as const)('%j is %s', (text, expected) => {
    expect(cities(text)).toBe(expected);
  });

  it('reads scripts that are written without blanks', () => {
    expect(choice(['是', '否'])('答案是否')).toBe('否');
  });
});

describe('choice abstains with a reason', () => {
  it.each([
    ['', 'not found'],
    ['E', 'not found'],
    ['A cat sat on it', 'not found'],
    ["I'm not sure", 'not found'],
    ['B-side, Bob', 'not found'],
    ['written in C', 'not found'],
    ['the answer is a combination', 'not one of'],
    ['The answer is A or B', 'several'],
    ['The answer is (A) and (B).', 'several'],
    ['{"answer": "A or B"}', 'several'],
    ['{"answer": "none"} B', 'not one of'],
  ])('%j: %s', (text, why) => {
    expect(abstentionReason(letters(text))).toContain(why);
  });
});

it('choice never yields anything unlisted, nor throws', () => {
  const option = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => text.trim() !== '');
  const options = fc.uniqueArray(option, {
    minLength: 1,
    maxLength: 6,
    selector: (text) => text.trim().toLowerCase(),
  });
  fc.assert(
    fc.property(options, fc.string({ unit: 'grapheme', maxLength: 60 }), fc.nat(), (listed, text, pick) => {
      const normalize = choice(listed);
      const wanted = listed[pick % listed.length];
      for (const answer of [normalize(text), normalize(`${text} the answer is ${wanted}`)]) {
        expect(typeof answer === 'string' ? listed.includes(answer) : abstentionReason(answer)).toBeTruthy();
      }
    }),
    { numRuns: 1000 },
  );
});

describe('choice refuses options that cannot be told apart', () => {
  it.each([
    [[], 'at least one option'],
    [['A', ' '], 'blank'],
    [['Yes', 'yes'], 'differ in more than case'],
    ['A,B', `expected an array of strings, such as ['A', 'B'], but got "A,B"`],
    [[1, 2], `expected an array of strings, such as ['A', 'B'], but got an array of 2`],
  ])('%j: %s', (options, why) => {
    expect(() => choice(options as string[])).toThrow(why);
    expect(() => choice(options as string[])).toThrow(ConfigError);
  });
});

it('choice yields the union of its options, without annotations', () => {
  const normalize = choice(['yes', 'no']);
  expectTypeOf(normalize).returns.toEqualTypeOf<'yes' | 'no' | Abstention>();
  expectTypeOf<AnswerOf<typeof normalize>>().toEqualTypeOf<'yes' | 'no'>();
});
