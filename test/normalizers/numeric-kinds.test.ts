import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { numeric } from '../../src/normalizers/numeric.ts';

const marks: readonly ((content: string) => string)[] = [
  (content) => `We had 7 and 8 before.\n#### ${content}`,
  (content) => `<answer>${content}</answer> of 99`,
  (content) => JSON.stringify({ reasoning: '7 of 8', answer: content }),
  (content) => `So \\boxed{${content}}, as 7 + 8 shows.`,
  (content) => `<think>perhaps 7</think>\n${content}`,
  (content) => `**Answer:** ${content}`,
  (content) => `### Final Answer\n\n${content}`,
  (content) => `The answer is 7. Wait, I forgot the tax. The answer is ${content}`,
  (content) => `Die Antwort ist ${content}`,
  (content) => `答案是${content}`,
];

const announced: readonly ((content: string) => string)[] = [
  (content) => `The answer is ${content}, because 7 and 8 are taken.`,
  (content) => `Final answer: ${content}\n\nI checked it 3 times.`,
  (content) => `La réponse est ${content}. Il y a 3 raisons.`,
  (content) => `Therefore, my answer is ${content} since each of the 4 has it.`,
];

const group = (digits: string, separator: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, separator);

/** Spellings of a whole number, 0..999,999,999. */
const spellings: readonly ((value: number) => string)[] = [
  String,
  (value) => group(String(value), ','),
  (value) => group(String(value), '\u202f'),
  (value) => `$${group(String(value), ',')}`,
  (value) => `${value} apples`,
  (value) => `${value}.0`,
  (value) => `${value} km/h`,
  (value) => `x = ${value}`,
  (value) => `${value}\\%`,
  (value) => `about ${value}`,
  (value) => `${value + 5} - 5 = ${value}`,
  (value) => String(value).replace(/\d/g, (digit) => String.fromCharCode(0x660 + Number(digit))),
  (value) => String(value).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
];

const whole = fc.integer({ min: 0, max: 999_999_999 });

describe('numeric reads what marks hold', () => {
  it('in any spelling', () => {
    const all = [...marks, ...announced];
    fc.assert(
      fc.property(whole, fc.constantFrom(...spellings), fc.constantFrom(...all), (value, spell, mark) => {
        expect(numeric(mark(spell(value)))).toBe(value);
      }),
      { numRuns: 3000, seed: 13 },
    );
  });

  it('with its sign', () => {
    const signs = ['-', '\u2212', '- ', 'minus ', 'negative ', '-\\,'];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.constantFrom(...signs),
        fc.constantFrom('', '$'),
        fc.constantFrom(...marks.slice(1, 4)),
        (value, sign, currency, mark) => {
          expect(numeric(mark(`${sign}${currency}${value}`))).toBe(-value);
        },
      ),
      { numRuns: 1000, seed: 13 },
    );
  });

  it('as fractions and mixed numbers', () => {
    const fractions: readonly ((top: number, bottom: number) => string)[] = [
      (top, bottom) => `${top}/${bottom}`,
      (top, bottom) => `${top} / ${bottom}`,
      (top, bottom) => `\\frac{${top}}{${bottom}}`,
      (top, bottom) => `\\dfrac{${top}}{${bottom}}`,
    ];
    const [small, large] = [fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 99 })];
    fc.assert(
      fc.property(small, large, fc.nat(20), fc.constantFrom(...fractions), (top, bottom, ones, write) => {
        const mixed = ones === 0 ? '' : `${ones} `;
        expect(numeric(`\\boxed{${mixed}${write(top, bottom)}}`)).toBeCloseTo(ones + top / bottom, 12);
        expect(numeric(`The answer is $-${write(top, bottom)}$.`)).toBeCloseTo(-top / bottom, 12);
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});

describe('numeric never takes a part for the whole', () => {
  const joints = (
    ' or | and | to | vs. |, |; |, or | – |-| + | - | × | * | plus | minus | times | divided by | < | ≤ | ± |:|' +
    ' oder | ou | ó | o | или |或|から| up to | through | per |\\pm | \\text{ or } | \\cup |, \\ | feet | hours and | km | % of | of '
  ).split('|');

  it('of two numbers, however they are joined', () => {
    const readings = [
      ...marks,
      ...announced,
      (content: string) => content,
      (content: string) => `It is ${content}.`,
    ];
    const few = fc.integer({ min: 13, max: 99 });
    fc.assert(
      fc.property(
        few,
        fc.integer({ min: 100, max: 199 }),
        fc.constantFrom(...joints),
        fc.constantFrom(...readings),
        (first, second, joint, mark) => {
          const text = mark(`${first}${joint}${second}`);
          expect(abstentionReason(numeric(text)), text).toMatch(/\w/);
        },
      ),
      { numRuns: 3000, seed: 13 },
    );
  });

  it.each([
    ...[
      'n+1',
      '3x',
      '2n',
      '5!',
      '\\pi',
      '2\\pi',
      'e^2',
      '\\sqrt{2}',
      '2\\sqrt{3}',
      '\\frac{a}{3}',
      '\\log_2 8',
      '\\sin 30',
    ],
    ...[
      'x > 3',
      'x \\geq 3',
      '3 < x < 4',
      '[2, 5]',
      '(3, 4)',
      '\\{1, 2\\}',
      '\\pm 4',
      '[1, \\infty)',
      '2^{10}',
      '3^x',
    ],
    ...[
      '5x - 2',
      'a = 3, b = 4',
      'x = 3 \\text{ or } x = -3',
      '10 \\text{ or } 12',
      '4:3',
      '12:30',
      '5\\text{ ft }3\\text{ in}',
    ],
    ...[
      '|x|',
      '\\binom{5}{2}',
      '7 \\times 8',
      '0.1 + 0.2',
      '3i',
      '2 + 3i',
      '\\infty',
      '\\text{none}',
      '\\text{DNE}',
      '',
    ],
  ])('\\boxed{%s} abstains', (content) => {
    expect(abstentionReason(numeric(`so 7 of 8 gives \\boxed{${content}}`))).toMatch(/\w/);
  });

  it.each(
    [
      [
        'at least 30',
        'at most 30',
        'no more than 30',
        'fewer than 30',
        'over 30',
        'under 30',
        'up to 30',
        '30 or fewer',
        '> 30',
      ],
      [
        'minimum 30',
        'not 30',
        'neither 30 nor 31',
        '30 if it rains',
        'somewhere from 30 on',
        'two thirds',
        '3 out of 4',
      ],
      [
        '30 March',
        'March 30, 2024',
        '2024-03-30',
        '30/03/2024',
        '3.30.2024',
        '10:30 am',
        'v1.2.3',
        '192.168.0.1',
        '+1 555 123 4567',
      ],
      [
        '0x1F',
        '0b11',
        '1e400',
        'NaN',
        'Infinity',
        'XIV',
        'sqrt(2)',
        'ln 2',
        'f(3)',
        '3rd',
        'Room 12',
        'A4',
        'COVID-19',
      ],
    ].flat(),
  )('"The answer is %s." abstains', (content) => {
    expect(abstentionReason(numeric(`The answer is ${content}.`))).toMatch(/\w/);
  });
});

describe('numeric reads English number words', () => {
  it.each([
    ['seven', 7],
    ['zero', 0],
    ['nineteen', 19],
    ['twenty-one', 21],
    ['ninety nine', 99],
    ['one hundred', 100],
    ['three hundred and forty-two', 342],
    ['twelve hundred', 1200],
    ['five thousand', 5000],
    ['two million three hundred thousand', 2_300_000],
    ['minus five', -5],
    ['twelve apples', 12],
    ['one', 1],
  ])('%s is %d', (words, value) => {
    expect(numeric(`Answer: ${words}`)).toBe(value);
    expect(numeric(`<answer>${words}</answer> of 99`)).toBe(value);
  });

  it.each(['one of them', 'two or three', 'five six', 'two thirds', 'seven, eight and nine', 'two to four'])(
    '%s abstains',
    (words) => {
      expect(abstentionReason(numeric(`The answer is ${words}.`))).toMatch(/\w/);
    },
  );
});

describe('numeric looks for phrases after a number by their first words', () => {
  it.each([
    ...[
      'in binary',
      'as a hexadecimal',
      'a hex number',
      'binary',
      'octal',
      'ternary',
      'duodecimal',
      'hexadecimal',
      'base 2',
      'basetwo',
    ],
  ])('42 %s is no decimal number', (phrase) => {
    expect(abstentionReason(numeric(`The answer is 42 ${phrase}.`))).toContain('it is not a decimal number');
  });

  it.each([
    ...[
      'at least',
      'at the very most',
      'and above',
      'and counting',
      'or more',
      'up to',
      'upwards',
      'onwards',
      'tops',
      'max',
      'minimum',
      'plus',
    ],
  ])('42 %s is a bound', (phrase) => {
    expect(abstentionReason(numeric(`The answer is 42 ${phrase}.`))).toContain('it is a bound');
  });

  it.each([
    ...[
      'is wrong',
      'was not',
      'are never',
      'were wrong',
      'would be impossible',
      'can not',
      "isn't right",
      "wasn't it",
      "aren't enough",
      "weren't it",
      "can't be",
      "won't do",
    ],
  ])('42 %s is denied', (phrase) => {
    expect(abstentionReason(numeric(`The answer is 42 ${phrase}.`))).toContain('it is denied');
  });
});
