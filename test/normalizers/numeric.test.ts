import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type Abstention, abstentionReason } from '../../src/domain/normalizer.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

describe('numeric reads a number as people and models write it', () => {
  it.each([
    ['42', 42],
    ['The answer is 4', 4],
    ['-5', -5],
    ['−5', -5],
    ['negative 5', -5],
    ['- 5 apples', 5],
    ['x = -5', -5],
    ['-0', 0],
    ['.5', 0.5],
    ['-0.25', -0.25],
    ['3,5 %', 3.5],
    ['0,125', 0.125],
    ['1,234', 1234],
    ['(1234)', 1234],
    ['1,234,567.89', 1234567.89],
    ['1.234', 1.234],
    ['1.234.567', 1234567],
    ['1.234,56', 1234.56],
    ['1 234', 1234],
    ['1\u202f234\u202f567', 1234567],
    ["1'234", 1234],
    ['1 234,5', 1234.5],
    ['$1,234.50', 1234.5],
    ['-$5', -5],
    ['$-5', -5],
    ['US$5', 5],
    ['R$ 5,00', 5],
    ['€ 12', 12],
    ['12 €', 12],
    ['40%', 40],
    ['45kg', 45],
    ['1e3', 1000],
    ['1.5E-3 m', 0.0015],
    ['10^6', 1e6],
    ['3 × 10^8 m/s', 3e8],
    ['1.5 million', 1.5e6],
    ['10k', 10_000],
    ['1/2', 0.5],
    ['½', 0.5],
    ['2½', 2.5],
    ['2 ½', 2.5],
    ['3 1/2', 3.5],
    ['10²', 100],
    ['١٢', 12],
    ['５２', 52],
    ['答案是42', 42],
    ['1\u200b2', 12],
  ])('%j is %d', (text, expected) => {
    expect(numeric(text)).toBe(expected);
  });
});

describe('numeric prefers a marked answer', () => {
  it.each([
    ['2 + 2 = 4\n#### 4', 4],
    ['{"answer": "6 + 8 + 16 = 30"}', 30],
    ['so \\boxed{1{,}234} of 99', 1234],
    ['\\boxed{\\text{42 km}}', 42],
    ['\\boxed{\\frac{3}{4}}', 0.75],
    ['\\boxed{\\boxed{7}}', 7],
    ['<answer>7</answer> out of 8', 7],
    ['<ANSWER> $1,000 </ANSWER>', 1000],
    ['stopped at the closing tag: <answer>42', 42],
    ['{"reasoning": "9 and 8", "answer": "$1040"}', 1040],
    ['```json\n{"reasoning": "has a raw\nline break", "answer": "3200"\n}\n```</s></s></s>', 3200],
    ['{"answer": 17.5, "unit": 3}', 17.5],
    ["{'answer': '6'}", 6],
    ['{\\"answer\\": \\"4\\"} 5', 4],
    ['{"answer": "4"} or rather {"answer": "5"}', 5],
    ['The answer is 42, as 6 times 7 shows.', 42],
    ['The answer is approximately $5. That is 3 more.', 5],
    ['the answer is 40 + 2 = 42.', 42],
    ['The **answer** is: **12**, not 13.', 12],
    ['Final answer: 12\nChecked 3 times.', 12],
    ['### Final Answer\n\n42\n\nin 3 steps', 42],
    ['The answer is 3 so far.\nFinal answer: 12\nThe answer is 4 elsewhere.', 12],
    ['First the answer is 3.\nThen, with tax, the answer is 5. I used 2 rules.', 5],
    ['The answer is 5.\n\nQuestion: What is 6 + 6?\nThe answer is 12.', 5],
    ['<think>maybe 3</think>\nIt is 9', 9],
    ['\\( 1{,}234 \\) pens', 1234],
  ])('%j gives %d', (text, expected) => {
    expect(numeric(text)).toBe(expected);
  });
});

describe('numeric reads an unmarked text only if it has one candidate', () => {
  it('that is no part of a name', () => {
    expect(numeric('It costs 12 in GPT-4, x2 and m²')).toBe(12);
  });

  it.each([
    '#### Step 1\nWe add 3 and 4, which is 7',
    '3 apples and 4 pears make 7',
    '5 10',
    '7 minus 5',
    'about 1, then 2.',
    '3,5',
  ])('%j abstains', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
  });
});

describe('numeric abstains with a reason rather than read a part of what is written', () => {
  it.each([
    '',
    '   ',
    'Maybe',
    'GPT-4',
    '0x10',
    '1e999',
    '1e-999',
    '9'.repeat(400),
    '2^10',
    '√2',
    '2\\sqrt{3}',
    '3π',
    '1٢',
    '5-10',
    '10:30',
    '1/2/2024',
    '2024-05-01',
    '1.2.3',
    '1,2,3',
    '1/0',
    `${'9'.repeat(400)}/3`,
    `3/${'9'.repeat(400)}`,
    '±5',
    '{"answer": [1,2]}',
    '{"answer": [1,234]}',
    'at (3,5)',
    '(1,234)',
    'NaN',
    'Infinity',
    '{"answer": "unknown"} of 5',
    '{"answer": null} 5',
    '\\boxed{84 sofas and 88 chairs}',
  ])('%j', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
  });
});

describe('numeric for any number', () => {
  const number = fc
    .integer({ min: -999_999_999_999, max: 999_999_999_999 })
    .map((hundredths) => hundredths / 100);

  it('reads back what any of many formats writes', () => {
    const formats: readonly ((value: number) => string)[] = [
      String,
      (value) => value.toLocaleString('en-US', { maximumFractionDigits: 2 }),
      (value) =>
        `${value < 0 ? '-' : ''}$${Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: 2 })}`,
      (value) => value.toLocaleString('de-CH', { maximumFractionDigits: 2 }),
      (value) => `${value.toLocaleString('fr-FR', { maximumFractionDigits: 2 })} €`,
      (value) => `The answer is ${value.toLocaleString('en-US')}.`,
      (value) => `7 and 8, so \\boxed{${value}}`,
      (value) => `{"reasoning": "7 and 8", "answer": "${value}"}`,
      (value) => `<answer>${value}%</answer>`,
      (value) => `6 of 7\n#### ${value}`,
      (value) => String(value).replace('-', '−'),
    ];
    fc.assert(
      fc.property(number, fc.constantFrom(...formats), (value, format) => {
        expect(numeric(format(value))).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 2000 },
    );
  });

  it('yields a finite number or an abstention for every text, and never -0', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'0123456789.,-+/:^eExk% $½²٢×') }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const value = numeric(text);
        expect(
          typeof value === 'number'
            ? Number.isFinite(value) && !Object.is(value, -0)
            : abstentionReason(value),
        ).toBeTruthy();
      }),
      { numRuns: 5000 },
    );
  });
});

it('numeric yields numbers', () => {
  expectTypeOf(numeric).returns.toEqualTypeOf<number | Abstention>();
});
