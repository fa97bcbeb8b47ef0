import { describe, expect, it } from 'vitest';
import {
  abstain,
  choice,
  createEnsemble,
  defineModel,
  InsufficientResponsesError,
  type Normalization,
  schema,
  TimeoutError,
} from '../../src/index.ts';
import { abstained, answered, failed } from '../outcomes.ts';

/** A schema whose library refuses every answer with this message. */
const refusing = (message: string) =>
  schema({
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: () => ({ issues: [{ message }] }),
    },
  });

const errorOf = async (normalization: Normalization, text: string): Promise<Error> =>
  createEnsemble({ models: [defineModel('a', () => text)], normalization })
    .predict('?')
    .then(
      () => new Error('there is a prediction'),
      (error: Error) => error,
    );

describe('the reason of a missing vote', () => {
  it.each<readonly [what: string, normalization: Normalization, text: string, vote: string, reason: string]>([
    ['a number', 'numeric', 'no idea', '4', 'a number was not found'],
    ['an option', choice(['red', 'blue']), 'green', 'red', 'one of the 2 options was not found'],
    ['JSON', 'json', 'Sorry.', '{}', 'no JSON value was found'],
    ['an empty text', 'lowercaseTrim', '  ', 'x', 'the model answered with an empty text'],
    ['one of the caller', (text) => (text === 'x' ? 1 : abstain('not an x')), 'y', 'x', 'not an x'],
    [
      'an odd normalizer',
      (text) => (text === 'x' ? 1 : undefined),
      'y',
      'x',
      'the normalizer found no answer',
    ],
  ])(
    'of %s is in the error, and in the warnings of a prediction',
    async (_, normalization, text, vote, reason) => {
      const error = await errorOf(normalization, text);
      expect(error).toBeInstanceOf(InsufficientResponsesError);
      expect(error.message).toContain(`0 of at least 1 votes were cast (a abstained: ${reason}`);

      const models = [defineModel('a', () => text), defineModel('b', () => vote)];
      const { metadata } = await createEnsemble({ models, normalization }).predict('?');
      expect(metadata).toMatchObject({ abstentions: 1, successes: 1 });
      expect(metadata.warnings).toEqual([expect.stringContaining(`a abstained: ${reason}`)]);
    },
  );
});

describe('the error of too few votes', () => {
  const messageOf = (...outcomes: ConstructorParameters<typeof InsufficientResponsesError>[2]) =>
    new InsufficientResponsesError(0, 3, outcomes).message;

  it('names models with the same reason together', () => {
    const late = { ...failed(2), model: 'late', error: new TimeoutError('late', 50) };
    expect(messageOf(abstained(0), failed(1), late, abstained(3), answered(4, 'x'))).toBe(
      '0 of at least 3 votes were cast (m0, m3 abstained: found no answer; m1 failed: unreachable; late failed: no answer within 50 ms)',
    );
  });

  it('names the samples of a model once', () => {
    expect(messageOf(abstained(0), abstained(0))).toBe(
      '0 of at least 3 votes were cast (m0 abstained: found no answer)',
    );
  });

  it('lists few of many models and of many reasons, and cuts a long one', () => {
    const alike = Array.from({ length: 40_000 }, (_, index) => abstained(index));
    expect(messageOf(...alike)).toBe(
      '0 of at least 3 votes were cast (m0, m1, m2, m3, m4, and 39995 more abstained: found no answer)',
    );
    const different = Array.from({ length: 400 }, (_, index) => ({
      ...abstained(index),
      reason: `${index} ${'x'.repeat(5000)}`,
    }));
    expect(messageOf(...different)).toMatch(/; m4 abstained: 4 x+…; and 395 more reasons\)$/);
    expect(messageOf(...different).length).toBeLessThan(1200);
  });

  it.each([
    ['Expected number but received "The secret of Paris"', 'Expected number but received a value'],
    ['city must be a number (was "The secret of "Paris"")', 'city must be a number (was a value)'],
    ['Expected string but received 4711', 'Expected string but received a value'],
    ['Invalid input: expected string, received number', 'Invalid input: expected string, received number'],
  ])('repeats no answer that a schema library quotes: %s', async (message, repeated) => {
    const error = await errorOf(refusing(message), '{}');
    expect(error.message).toBe(
      `0 of at least 1 votes were cast (a abstained: the answer does not fit the schema: ${repeated})`,
    );
  });

  it('repeats no key', async () => {
    const key = 'sk-proj-abcdefghij0123456789';
    expect((await errorOf(() => abstain(`not for ${key}`), 'x')).message).not.toContain('abcdefghij');
  });
});

describe('the error of votes without a winner', () => {
  it('says why votes are missing as well', async () => {
    const models = ['yes', 'no', 'perhaps'].map((text) => defineModel(text, () => text));
    const prediction = createEnsemble({ models, normalization: 'boolean', strategy: 'unanimous' }).predict(
      '?',
    );
    await expect(prediction).rejects.toThrow(
      'unanimous found no winner among 2 answers (perhaps abstained: it says both yes and no, or neither clearly)',
    );
  });
});
