import { describe, expect, it } from 'vitest';
import { boolean } from '../../src/normalizers/boolean.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { lowercaseTrim } from '../../src/normalizers/lowercase-trim.ts';
import { marked } from '../../src/normalizers/marked.ts';
import { announcedAnswer } from '../../src/normalizers/marks/announced-answer.ts';
import { answerMarks } from '../../src/normalizers/marks/answer-marks.ts';
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
