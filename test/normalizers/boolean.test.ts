import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Abstention, abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';

describe('boolean reads yes and no', () => {
  it.each([
    ['Yes', true],
    ['no.', false],
    ['TRUE', true],
    ['False!', false],
    ['**No**', false],
    ['[Yes]', true],
    ['"Yes"', true],
    ['Ｙｅｓ', true],
    ['{"answer": true}', true],
    ['{"answer": "No"} yes', false],
    ['<answer>NO</answer>', false],
    ['\\boxed{\\text{Yes}}', true],
    ['#### no', false],
    ['The answer is no', false],
    ['Yes, because there is no remainder.', true],
    ['No, that is not a true statement.', false],
    ['It has no divisors other than itself. [Yes]', true],
    ['There are no factors, so it is prime. Yes.', true],
    ['Yes or no? No.', false],
    ['Therefore, yes, it is prime.', true],
    ['That is not true', false],
    ['[No]\n\nExplanation: it looked like a [Yes] at first.', false],
  ])('%j is %s', (text, expected) => {
    expect(boolean(text)).toBe(expected);
  });
});

describe('boolean abstains with a reason', () => {
  it.each([
    ['', 'not found'],
    ['Maybe', 'neither clearly'],
    ['42', 'not found'],
    ['Nobody knows yesterday', 'not found'],
    ['There is no remainder, so it is prime.', 'not found'],
    ['yes and no', 'both'],
    ['yes or no', 'both'],
    ['Yes, no, maybe', 'both'],
    ['Answer: Yes or No', 'both'],
    ['First [Yes]. Then [No].', 'both'],
    ['maybe yes', 'both'],
    ['{"answer": "unknown"} yes', 'neither clearly'],
    ['{"answer": "91"} yes', 'not a yes or no'],
  ])('%j: %s', (text, why) => {
    expect(abstentionReason(boolean(text))).toContain(why);
  });
});

it('boolean yields booleans', () => {
  expectTypeOf(boolean).returns.toEqualTypeOf<boolean | Abstention>();
});
