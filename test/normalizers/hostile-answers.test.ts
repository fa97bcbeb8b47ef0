import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Abstention, abstentionReason } from '../../src/domain/normalizer.ts';
import { choice } from '../../src/normalizers/choice.ts';
import { namedNormalizers } from '../../src/normalizers/normalizers.ts';
import { MAX_ANSWER_LENGTH } from '../../src/normalizers/reading/answer-length.ts';
import { schema } from '../../src/normalizers/schema.ts';
import { hostileTexts } from './hostile-texts.ts';

const normalizers: readonly (readonly [string, (text: string) => unknown])[] = [
  ...Object.entries(namedNormalizers),
  ['choice', choice(['A', 'B', 'yes', 'no', 'x'])],
  ['schema', schema(z.object({ answer: z.number() }))],
];

const sizes = MAX_ANSWER_LENGTH - 25_000;

describe.each(normalizers)('%s survives hostile answers', (_name, normalize) => {
  // Anything but linear time over a million characters takes minutes, which the runner's timeout ends.
  it.each(hostileTexts(sizes))('reads a megabyte of %s', (_label, text) => {
    const answer = normalize(text);
    expect(answer).not.toBeUndefined();
    expect(answer).not.toBe(Infinity);
  });

  it('abstains from an answer that is too long, whatever it says', () => {
    const reason = abstentionReason(normalize(`${' '.repeat(MAX_ANSWER_LENGTH)}4`) as Abstention);
    expect(reason).toContain('more than 1048576');
  });

  it('reads any text without throwing', () => {
    const marks = fc.constantFrom(
      '<answer>',
      '</answer>',
      '{"answer": ',
      '"',
      '}',
      '\\boxed{',
      '\n#### ',
      'the answer is ',
      '(',
      'A',
      'yes',
      ' 1,2',
      '½',
      '\ud800',
      '\n',
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(marks, fc.string())).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(normalize(text)).not.toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'reads %s as nothing but a name',
    (name) => {
      expect(['function', 'undefined']).not.toContain(typeof normalize(name));
      expect(['function', 'undefined']).not.toContain(typeof normalize(`<answer>${name}</answer>`));
    },
  );
});
