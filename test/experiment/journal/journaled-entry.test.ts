import { describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/domain/errors.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { recall, toRecorded, toUnrecordable } from '../../../src/experiment/journal/journaled-entry.ts';

const call = {
  model: 'a',
  index: 0,
  latencyMs: 1.23456789,
  costUsd: undefined,
  costSource: 'unknown',
} as const;

const attempt = (costUsd: number | undefined) => ({
  model: 'a',
  latencyMs: 1,
  costUsd,
  costSource: costUsd === undefined ? ('unknown' as const) : ('reported' as const),
  error: new ModelError('a', 'busy'),
  nextInMs: 0,
});

const answered = (more: object): Outcome =>
  ({ ...call, status: 'answered', answer: '4', key: '4', response: { text: '4' }, ...more }) as Outcome;

describe('the recorded part of an outcome', () => {
  it('has durations in microseconds, and the first token only if there was one', () => {
    expect(toRecorded(answered({}))).toEqual({
      model: 'a',
      latencyMs: 1.235,
      status: 'answered',
      response: { text: '4' },
    });
    expect(toRecorded(answered({}))).not.toHaveProperty('firstTokenMs');
    expect(toRecorded(answered({ firstTokenMs: 0.98765 }))).toMatchObject({ firstTokenMs: 0.988 });
  });

  it('is none of a cancelled call', () => {
    expect(toRecorded({ ...call, status: 'cancelled' } as Outcome)).toBeUndefined();
  });

  it.each([
    ['reported', 0.75, 'reported'],
    ['estimated', 0.75, 'estimated'],
  ])('has the cost of all attempts, %s', (costSource, costUsd, expected) => {
    const attempts = [attempt(0.25)];
    expect(toRecorded(answered({ attempts, costUsd, costSource }))?.response).toEqual({
      text: '4',
      costUsd: 0.75,
      costSource: expected,
    });
  });

  it('has the cost of the response if the attempts cost nothing or an unknown amount', () => {
    const response = { text: '4', costUsd: 0.5 };
    for (const more of [
      { attempts: [attempt(0)], costUsd: 0.5, costSource: 'reported' },
      { attempts: [attempt(0.25)], costUsd: undefined },
      { costUsd: 0.5, costSource: 'reported' },
    ]) {
      expect(toRecorded(answered({ response, ...more }))?.response).toEqual(response);
    }
  });

  it('has the error of a failed call, with its status, and never its cause', () => {
    const error = new ModelError('a', 'busy', {
      isRetryable: true,
      status: 503,
      cause: new Error('sk-canary'),
    });
    const recorded = toRecorded({ ...call, status: 'failed', error } as Outcome);
    expect(recorded).toMatchObject({
      status: 'failed',
      error: { name: 'ModelError', message: 'a: busy', isRetryable: true, status: 503 },
    });
    expect(JSON.stringify(recorded)).not.toContain('sk-canary');
    const paid = toRecorded({
      ...call,
      status: 'failed',
      error,
      costUsd: 0.5,
      costSource: 'reported',
    } as Outcome);
    expect(paid?.error?.costUsd).toBe(0.5);
  });

  it('is a failure that is not retried if it cannot be written', () => {
    expect(toUnrecordable({ ...call, costUsd: 0.5 }, 'response.a is a BigInt')).toStrictEqual({
      model: 'a',
      status: 'failed',
      latencyMs: 1.235,
      error: {
        name: 'MalformedResponseError',
        message: 'a: the result of the call cannot be recorded: response.a is a BigInt',
        isRetryable: false,
        costUsd: 0.5,
      },
    });
  });
});

describe('a recorded outcome', () => {
  const failed = { model: 'a', status: 'failed', latencyMs: 1 } as const;

  it('is recalled as its response', () => {
    const response = { text: '4' };
    expect(recall({ model: 'a', status: 'answered', latencyMs: 1, response })).toBe(response);
  });

  it.each([
    [
      { name: 'TimeoutError', message: 'a: too late', isRetryable: true, status: 504, costUsd: 0.5 },
      { name: 'TimeoutError', message: 'a: too late', isRetryable: true, status: 504, costUsd: 0.5 },
    ],
    [
      { name: 'Odd', message: 'without its model', isRetryable: false },
      { name: 'Odd', message: 'a: without its model', isRetryable: false },
    ],
    [{}, { name: 'ModelError', message: 'a: a failure', isRetryable: false }],
    [undefined, { name: 'ModelError', message: 'a: a failure', isRetryable: false }],
  ])('is recalled as an error: %j', (error, expected) => {
    const recalling = () => recall({ ...failed, error } as never);
    expect(recalling).toThrow(ModelError);
    expect(recalling).toThrow(expect.objectContaining({ ...expected, model: 'a' }));
  });
});
