import { describe, expect, it } from 'vitest';
import { type Cause, type Question, runExperiment, scorecard } from '../../../src/experiment/experiment.ts';
import { ConfigError, defineModel, type ModelError } from '../../../src/index.ts';
import { retry } from '../../../src/policies/policies.ts';

const dataset = Array.from(
  { length: 4 },
  (_, n): Question => ({ id: `q${n}`, question: `What is ${n}?`, expected: n }),
);

/** The failures of a model that is a function of the user. */
const failuresOf = async (
  answer: (prompt: string) => never | Promise<never>,
  wrap = (model: ReturnType<typeof defineModel>) => model,
): Promise<readonly Cause[]> => {
  const conditions = {
    a: { models: [wrap(defineModel('mine', answer))], normalization: 'numeric' as const },
  };
  const card = await scorecard(runExperiment({ dataset, conditions }));
  return (card.conditions[0]?.causes ?? []).filter(({ kind }) => kind === 'failed');
};
const fail = (error: unknown) => () => {
  throw error;
};
class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

describe('what a function of the user throws', () => {
  it.each([
    ['an error', fail(new TypeError('x is undefined')), 'the call failed with TypeError: x is undefined'],
    [
      'a rejection',
      () => Promise.reject(new DatabaseError('no such table')),
      'the call failed with DatabaseError: no such table',
    ],
    ['its first line', fail(new RangeError('too far\nby 3')), 'the call failed with RangeError: too far'],
    ['no message', fail(Object.assign(new Error('x'), { message: '' })), 'the call failed with Error'],
    ['a text', fail('not today'), 'the call failed with a value that is not an error: not today'],
    ['another value', fail({ message: 'odd' }), 'the call failed with a value that is not an error'],
    ['nothing', fail(undefined), 'the call failed with a value that is not an error'],
  ])('is a reason of the failure: %s', async (_, answer, reason) => {
    expect(await failuresOf(answer)).toEqual([
      expect.objectContaining({ error: 'ModelError', count: 4, question: 'q0', reason }),
    ]);
  });

  it('is told apart by its message, without its numbers', async () => {
    let row = 40;
    const answer = (prompt: string): never => {
      if (prompt.includes('3')) throw new TypeError('x is undefined');
      throw new DatabaseError(`row ${row++} is locked`);
    };
    const failures = await failuresOf(answer);
    expect(failures.map(({ count, reason = '' }) => [count, reason.replace(/[\d.]+/, 'N')])).toEqual([
      [3, 'the call failed with DatabaseError: row N is locked'],
      [1, 'the call failed with TypeError: x is undefined'],
    ]);
  });

  it('is told of the last attempt of a retry', async () => {
    const failures = await failuresOf(
      fail(new TypeError('x is undefined')),
      retry({ maxAttempts: 2, baseDelayMs: 0, shouldHandle: () => true }),
    );
    expect(failures).toEqual([
      expect.objectContaining({ reason: 'the call failed with TypeError: x is undefined' }),
    ]);
  });

  it.each([
    'sk-proj-abcdefghijklmnopqrstuvwx123456',
    'AIzaSyA1234567890abcdefghijklmnopqrstuv',
    '0b1d2f3a-4c5e-6789-abcd-ef0123456789',
    'a8f5f167f44f4964e6c998dee827110c',
    'https://user:hunter2@db.example/prices',
    'xK9mQ2vL8pRw4nTz',
  ])('has no key: %s', async (key) => {
    for (const message of [`the key ${key} is wrong`, `key=${key}`, `"${key}"`, key]) {
      const [failure] = await failuresOf(fail(new Error(message)));
      expect(failure?.reason).toMatch(/^the call failed with Error: /);
      expect(failure?.reason).not.toContain(key);
    }
  });

  it('is read safely, and is short', async () => {
    const odd = Object.defineProperty(new Error('x'), 'message', { get: fail(new Error('hidden')) });
    expect((await failuresOf(fail(odd)))[0]?.reason).toBe('the call failed with Error');
    const long = await failuresOf(fail(new Error('word '.repeat(1000))));
    expect(long[0]?.reason).toHaveLength(300);
  });

  it('is no error of the library, which says all by itself', async () => {
    const cause = new ConfigError(['the file is missing']);
    const [failure] = await failuresOf(fail(cause));
    expect(failure).toMatchObject({ error: 'ModelError', reason: 'the call failed with ConfigError' });
  });

  it('is not in the message of the outcome, which is logged', async () => {
    const conditions = { a: { models: [defineModel('mine', fail(new TypeError('private')))] } };
    for await (const { result } of runExperiment({ dataset, conditions, scorer: 'none' })) {
      const [outcome] = result.outcomes;
      const { message, cause } = (outcome as { error: ModelError }).error;
      expect({ message, cause }).toEqual({
        message: 'mine: the call failed with TypeError',
        cause: new TypeError('private'),
      });
    }
  });
});
