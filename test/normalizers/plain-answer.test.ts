import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abstentionReason } from '../../src/domain/normalizer.ts';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { readInFull } from '../../src/normalizers/final-answer.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { marked } from '../../src/normalizers/marked.ts';
import { announcedAnswer } from '../../src/normalizers/marks/announced-answer.ts';
import { CHOOSING, FINAL } from '../../src/normalizers/marks/announcement-words.ts';
import { answerMarks } from '../../src/normalizers/marks/answer-marks.ts';
import type { AnswerReader } from '../../src/normalizers/marks/answer-reader.ts';
import { markedAnswer } from '../../src/normalizers/marks/marked-answer.ts';
import { plainAnswer } from '../../src/normalizers/marks/plain-answer.ts';
import { readerOf } from '../../src/normalizers/normalizer-readers.ts';
import { numeric } from '../../src/normalizers/numeric.ts';
import { text } from '../../src/normalizers/text.ts';

const normalizers = {
  numeric,
  boolean,
  lowercaseTrim,
  'text()': text({ case: 'keep', blanks: 'keep' }),
  'choice()': choice(['A', 'B', '4', 'no', 'false']),
  'marked()': marked(numeric),
};

const openings = [
  'The answer is ',
  'Answer: ',
  'So, my final answer is ',
  'THUS THE CORRECT ANSWER: ',
  'answer is ',
];
const values = ['4', '-12', '007', '0', 'B', 'a', 'I', 'E', 'e', 'x', 'yes', 'No', 'TRUE', 'false'];
const texts = openings.flatMap((opening) =>
  values.flatMap((value) => [value, `${value}.`, `(${value})`, `(${value}).`].map((end) => opening + end)),
);

const contents = [
  ...values,
  ...[
    '$1,234.50',
    '3.5%',
    '42 apples',
    'Paris',
    'New York',
    'not 4',
    '4 or 5',
    'B or C',
    'total is 4 or 5',
    'no wait yes',
  ],
];
const tagged = contents.flatMap((content) => [
  `<answer>${content}</answer>`,
  `<Final_Answer>${content}</answer>`,
]);

describe('a text that only announces a plain value is read as any other announcement', () => {
  it.each(Object.entries(normalizers))('by %s', (_, normalizer) => {
    const reader = readerOf<unknown>(normalizer);
    if (reader === undefined) throw new Error('expected a reader');
    const plain = texts.filter((announcement) => plainAnswer(announcement, reader) !== undefined);
    expect(plain.length).toBeGreaterThan(20);
    for (const announcement of plain) {
      const announced = announcedAnswer(announcement, answerMarks(announcement), reader)?.reading;
      expect([announcement, plainAnswer(announcement, reader)]).toEqual([announcement, announced]);
    }
  });

  it.each(Object.entries(normalizers))(
    'and a tag that is the whole text as any other tag by %s',
    (_, normalizer) => {
      const reader = readerOf<unknown>(normalizer);
      if (reader === undefined) throw new Error('expected a reader');
      const plain = tagged.filter((text) => plainAnswer(text, reader) !== undefined);
      expect(plain.length).toBeGreaterThan(2);
      for (const text of plain)
        expect([text, plainAnswer(text, reader)]).toEqual([
          text,
          markedAnswer(text, answerMarks(text), reader),
        ]);
    },
  );

  it.each([
    'The answer is 4 or 5.',
    'Is it true that the answer is 4',
    'The answer is 4, wait',
    'The answer is 4?',
    'The answer is not 4',
    'The wrong answer is 4',
    'The answer is the 4',
    '<answer>the answer is 4</answer>',
    '<answer>your answer</answer>',
    '<answer>4</answer>, wait',
    '<answer>4 <b>or</b> 5</answer>',
    '<answer>...</answer>',
    '<answer>4',
    '<answer>four or 5</answer>',
  ])('but not %j', (announcement) => {
    const reader = readerOf(numeric);
    if (reader === undefined) throw new Error('expected a reader');
    expect(plainAnswer(announcement, reader)).toBeUndefined();
  });
});

/** Every word that a rule may know: those of the sources of all readers. */
const known = globSync('src/normalizers/**/*.ts').flatMap(
  (file) => readFileSync(file, 'utf8').match(/\p{L}[\p{L}\p{M}'’-]*/gu) ?? [],
);

const word = fc.constantFrom(...new Set(known));

const valuesBefore = fc.constantFrom('12', 'A', '(B)', 'yes', 'no', '$5', '1,234.5', '½');

const ends = fc.constantFrom('. ', '. ', ', ', '\n', '; ', ' ');

const adjectives = ['final', 'correct', 'best', 'revised', 'matching', 'ultimate', 'first', 'other', 'valid'];

/** What may count next to the last announcement, and what only seems so: "The final total is 12." */
const statements = fc.tuple(
  fc.oneof(fc.constant(''), fc.constantFrom(...adjectives), word).map((adjective) => `The ${adjective} `),
  fc.constantFrom('answer', 'answers', 'verdict', 'respuesta', 'total', 'result', 'option', 'statement'),
  fc.constantFrom(' is ', ': ', ' final is ', ' was '),
  valuesBefore,
  ends,
);

const marks = fc.tuple(
  fc.constantFrom(
    '\\boxed{',
    '<answer>',
    '#### ',
    '\n#### ',
    '{"answer": ',
    '**',
    "'answer': ",
    '[[',
    '```\n',
    '(a) ',
    '~~',
  ),
  valuesBefore,
  fc.constantFrom('}', '</answer>', '\n', '**', ']]', '\n```\n', '~~ ', ' '),
);

const words = fc.tuple(
  fc.oneof(
    word,
    fc.constantFrom(...adjectives, 'Part A', '(b)', 'in base 2', 'not', 'no', 'total', '“', '×'),
  ),
  fc.constantFrom(' ', ' ', ', ', '. ', '\n', '\nQuestion: ', '?\n\nUser: ', ''),
);

const before = fc
  .array(fc.oneof(statements, statements, words, marks), { maxLength: 5 })
  .map((parts) => parts.flat().join(''));

const announcements = fc
  .tuple(
    fc.constantFrom('', ' ', '. ', '\n', ', ', '; '),
    fc.constantFrom('', 'so ', 'Therefore, ', 'thus ', 'Hence '),
    fc.constantFrom('', 'the ', 'my ', 'The '),
    fc.constantFrom('', 'final ', 'correct '),
    fc.constantFrom('answer is ', 'answer: ', 'Answer: ', 'answer is: '),
    fc.constantFrom(...values, '$1,234.50', '3.5%', '1.5.2', '1,2', '(4', '4)', '4,', '-$3'),
    fc.constantFrom('', '.', ')', ').', '. ', '\n'),
  )
  .map((parts) => parts.join(''));

describe('a text that ends with the announcement of a plain value is read as it is in full', () => {
  it.each(Object.entries(normalizers))('by %s', (_, normalizer) => {
    const reader = readerOf<unknown>(normalizer);
    if (reader === undefined) throw new Error('expected a reader');
    fc.assert(
      fc.property(before, announcements, (words, announcement) => {
        const text = words + announcement;
        expect([text, normalizer(text)]).toEqual([text, readInFull(text, reader)]);
      }),
      { numRuns: 3000 },
    );
  });

  const latin = (list: string): readonly string[] => list.split('|').filter((word) => /^[a-z]/.test(word));
  const reasons = 'The paragraph explains all of it in some detail.\n';

  it.each([
    ...latin(CHOOSING).map((word) => `${reasons}The ${word} option is B\nThe answer is A`),
    ...latin(FINAL).map((word) => `${reasons}The ${word.replace('?', '')} result: B\nThe answer is A`),
    `${reasons}The answer is B\nThe answer is A`,
  ])('next to an announcement that counts before it: %j', (announcements) => {
    expect(choice(['A', 'B'])(announcements)).toBe('B');
  });

  it.each([
    ['The total is 5. From the first line, so the answer is 4', 5],
    ['There is no thus answer: 4', 'the text says that it has no answer'],
    [
      'Part A\nThe best option is 3.\nPart B\nThe answer is 4',
      'the text answers several parts of the question',
    ],
    [
      'Part A\nThe final total is 3.\nPart B\nThe answer is 4.',
      'the text answers several parts of the question',
    ],
    ['It is \\boxed{5}. We check it in full. The answer is not above it.', 5],
    ['42\nQuestion: What is 40 + 1?\nThe answer is 41', 42],
  ])('next to another mark, a draft or another part: %j', (announcements, expected) => {
    const answer = numeric(announcements);
    expect(typeof answer === 'number' ? answer : abstentionReason(answer)).toBe(expected);
  });

  it.each([
    'Seventeen times twenty is 340, so the answer is 391.',
    'The total is 5.\n\nTherefore, the final answer is 391',
    'It\'s $5 for each "pen". Answer: 391.',
    'First, we add. The correct answer is (391).',
  ])('without looking for marks in %j', (announcement) => {
    expect(plainAnswer(announcement, readerOf<number>(numeric) as AnswerReader<number>)).toBe(391);
  });
});
