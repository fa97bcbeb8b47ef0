import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

const places: readonly ((content: string) => string)[] = [
  (content) => `<answer>${content}</answer> of 99`,
  (content) => `We had 7 and 8. The answer is ${content}.`,
  (content) => content,
];

/** Every one abstains in every place. */
const abstainsFrom = (contents: readonly string[]) =>
  it.each(contents.flatMap((content) => places.map((place) => place(content))))('%j abstains', (text) => {
    expect(abstentionReason(numeric(text)), text).toMatch(/\w/);
  });

const reads = (cases: readonly (readonly [string, number])[]) =>
  it.each(cases)('%j is %d', (text, value) => {
    expect(numeric(text)).toBe(value);
  });

describe('numeric takes no number for more than it is: the argument of a function', () => {
  abstainsFrom(['g(12)', 'P(3)', 'len(8)', '\\boxed{f(7)}', '$h(4)$', 'count(11)', 'T(0)', 'gcd(6)']);
  reads([
    ['\\boxed{g(4) = 12}', 12],
    ['The answer is (12).', 12],
    ['So 12 (g of 4) remain.', 12],
  ]);
});

describe('numeric takes no number of another base for a decimal one', () => {
  abstainsFrom([
    '110 in binary',
    '\\boxed{1011_{2}}',
    '1011₂',
    '77 (octal)',
    '31 in base 8',
    '110 base two',
    'binary 110',
    'the hexadecimal number 40',
    '12 as a base 3 number',
    '\\boxed{77_{\\text{oct}}}',
  ]);
  it.each([
    'In binary, the answer is 110.',
    'The answer in base 7 is 16.',
    'The result in hexadecimal: 40',
    'The final answer in octal is **52**.',
  ])('%j abstains', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
  });
  reads([
    ['The answer is 6 (110 in binary).', 6],
    ['\\boxed{52_{10}}', 52],
    ['The answer is 52 in base 10.', 52],
    ['The answer in decimal is 52.', 52],
    ['_52_ pens', 52],
  ]);
});

describe('numeric takes no bound for a number', () => {
  abstainsFrom([
    '30 at the very least',
    'at the very least 30',
    '30 at the most',
    '30 tops',
    '30 max',
    '30 (at most)',
    '30 (minimum)',
    '30, or more',
    '30, at least',
    '30 and under',
    'nearly 30',
    'almost 30',
    'close to 30',
    'just shy of 30',
    'as many as 30',
    'fast 30',
    'presque 30',
    'casi 30',
    'почти 30',
  ]);
  reads([
    ['The answer is about 30.', 30],
    ['The answer is 30 or so.', 30],
    ['30 or thereabouts', 30],
    ['The answer is approximately 30, roughly.', 30],
    ['The minimum is 30.', 30],
    ['The answer is 30 min.', 30],
  ]);
});

describe('numeric reads no separator that may mean two things', () => {
  abstainsFrom([
    '1,2345',
    '12,3456',
    '€1.234',
    '1.234 €',
    'Rp 5.000',
    'R$ 1.500',
    '2.500 pesos',
    '(100,200)',
    '(1,234)',
    '987,6543',
  ]);
  reads([
    ['0,2345', 0.2345],
    ['2,71625', 2.71625],
    ['€1.234,50', 1234.5],
    ['Rp 5.000.000', 5_000_000],
    ['€1.23', 1.23],
    ['€1.234 million', 1_234_000],
    ['$1.234', 1.234],
    ['1.500 kg', 1.5],
    ['12,34,56,789', 123_456_789],
  ]);
});

describe('numeric tells an exclamation from a factorial', () => {
  reads([
    ['The answer is 31!', 31],
    ['The answer is 31!!', 31],
    ['Great, the answer is 31! That was fun.', 31],
    ['The answer is **31!**', 31],
    ['The answer is $31!', 31],
    ['So she has 31!', 31],
    ['You get 31! 😊', 31],
    ['We found it: "the answer is 31!"', 31],
    ['The answer is 4! = 24.', 24],
  ]);
  it.each([
    '31!',
    '$4!$',
    '\\boxed{4!}',
    'The answer is 4!.',
    'The answer is 4! ways',
    'The answer is 4!/2!.',
    'The answer is $4!$.',
    'There are 4! permutations. The answer is 4!',
    'We have 3! = 6 ways for them. The answer is 3!',
    'Answer: 10! / 2',
    '<answer>6!</answer>',
  ])('%j abstains', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
  });
});

describe('numeric reads halves, dozens and round numbers in words', () => {
  const cases = [
    ['half a million', 500_000],
    ['a quarter of a million', 250_000],
    ['two and a half', 2.5],
    ['one and a half', 1.5],
    ['three and a quarter', 3.25],
    ['five and three quarters', 5.75],
    ['minus two and a half', -2.5],
    ['two and a half million', 2_500_000],
    ['7 and a half hours', 7.5],
    ['a dozen eggs', 12],
    ['half a dozen', 6],
    ['three dozen', 36],
    ['4 dozen', 48],
    ['a dozen or so', 12],
    ['a hundred', 100],
    ['a hundred and five', 105],
    ['a thousand two hundred', 1200],
    ['about a million', 1_000_000],
    ['one half', 0.5],
  ] as const;
  reads(cases.flatMap(([text, value]) => places.map((place) => [place(text), value] as const)));
  abstainsFrom([
    'one in five',
    '1 in a million',
    'one of five',
    'one out of ten',
    'half of 30',
    'half past five',
    'half an hour',
    '$5 a dozen',
    'dozens of 12',
    'a million and a half',
    'a quarter',
    'one half of the class',
    "a baker's dozen",
  ]);
  it('but not in a phrase of thanks', () => {
    expect(abstentionReason(numeric('Thanks a million!'))).toMatch(/\w/);
  });
});

describe('numeric reads a number beside its option, its currency and its confidence', () => {
  reads([
    ['\\boxed{\\textbf{(C) }31}', 31],
    ['\\boxed{\\text{(D)}\\ -3}', -3],
    ['\\boxed{\\mathrm{(B)}~\\frac{3}{4}}', 0.75],
    ['The answer is (E) 31.', 31],
    ['Answer: B) 31 apples', 31],
    ['{"answer": "D. 31"}', 31],
    ['(A) 31', 31],
    ['Answer: Rs. 500', 500],
    ['Rs. 1,500', 1500],
    ['Fr. 500', 500],
    ['The answer is Rp 5000.', 5000],
    ['31 with 90% confidence', 31],
    ['The answer is 31 (90% sure).', 31],
    ["The answer is 31, and I'm 95% certain.", 31],
    ['The answer is 31 and I am 95% confident.', 31],
    ['31 [confidence: 0.9]', 31],
    ['31 - confidence level 90%', 31],
    ['90% confidence', 90],
    ['{1 \\over 2}', 0.5],
    ['\\boxed{3 \\over 4}', 0.75],
    ['$-{1 \\over 4}$', -0.25],
  ]);
  it.each([
    '(A) 5, (B) 6',
    '(A) 5\n(B) 6',
    'Answer:\nA) 7\nB) 9',
    'Answer:\n(a) 7\n(b) 9',
    'Answer:\n1. 7\n2. 9',
    'The answer is (C). 7 apples remain.',
    '\\boxed{(3) 7}',
    '31 with 90% confidence and 32 with 5% confidence',
    '{n \\over 2}',
    'Reject it at alpha = 0.05',
    "y = 0 is a solution of y' = y",
  ])('%j abstains', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
  });
});

describe('numeric reads no mark that the text cuts off', () => {
  it.each([
    '\\boxed{7',
    'So \\boxed{7.5',
    '\\boxed{\\frac{1}{2',
    '\\boxed{12 apples',
    '{"answer": "42',
    '{"answer": 4',
    '{"reasoning": "3 + 4", "final_answer": -7',
    '{\\"answer\\": \\"42',
  ])('%j abstains', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
  });
  reads([
    ['<answer>42', 42],
    ['\\boxed{42$', 42],
    ['**\\boxed{42**', 42],
    ['\\boxed{42\nThis is the answer.', 42],
    ['\\[ \\boxed{42 \\]', 42],
    ['{"answer": 42\n"unit": "m"', 42],
  ]);
});

describe('numeric reads what abbreviations and brackets say of a number', () => {
  reads([
    ['The answer is 31...', 31],
    ['0.333…', 0.333],
    ['The answer is 0.05 (5%).', 0.05],
    ['The answer is 1 (100%).', 1],
    ['The answer is approx. 31.', 31],
    ['The answer is ca. 31 kg.', 31],
    ['Answer: appr. 31', 31],
  ]);
  abstainsFrom(['0.05 (6%)', '50/50', '7/7', '31 (32%)']);
});

describe('boxes side by side', () => {
  it.each([
    'The roots are \\boxed{3} and \\boxed{5}.',
    '\\boxed{3}, \\boxed{5}, \\boxed{7}',
    'x = \\boxed{3} or x = \\boxed{5}',
    '$\\boxed{3}$ and $\\boxed{5}$',
    '\\boxed{3} \\text{ or } \\boxed{5}',
    '\\boxed{3} \\quad \\boxed{5}',
    '\\(x_1 = \\boxed{3}\\), \\(x_2 = \\boxed{5}\\)',
    '\\boxed{3}; \\boxed{5}',
    '- \\boxed{3}\n- \\boxed{5}',
  ])('abstain if they differ: %j', (text) => {
    expect(abstentionReason(numeric(text))).toMatch(/\w/);
    expect(numeric(text.replaceAll(/[57]/g, '3'))).toBe(3);
  });

  it.each([
    'First \\boxed{3}. Therefore \\boxed{5}.',
    '\\boxed{3}, then \\boxed{4}, in all \\boxed{5}',
    '\\boxed{3}\n\n**Final Answer**\n\\boxed{5}',
    '\\boxed{3}\n\\boxed{5}',
    'So \\boxed{3}. Wait, \\boxed{5}',
    '\\boxed{3} or rather \\boxed{5}',
    '\\boxed{3} + 2 = \\boxed{5}',
  ])('are a step and the answer: %j', (text) => {
    expect(numeric(text)).toBe(5);
  });
});

describe('numeric takes no part of a formula that was escaped twice', () => {
  abstainsFrom([
    '2\\\\pi',
    '\\\\boxed{3,-\\\\frac{7}{5}}',
    '-4\\\\sqrt[3]{x}',
    '{"note": "so we get \\\\boxed{9\\\\theta}"}',
  ]);
  reads([
    ['\\\\boxed{\\\\frac{3}{4}}', 0.75],
    ['<answer>5\\\\text{ cm}</answer>', 5],
  ]);
});
