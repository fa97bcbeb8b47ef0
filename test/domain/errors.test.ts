import { expect, it } from 'vitest';
import {
  AuthenticationError,
  ConnectionError,
  InvalidRequestError,
  MalformedResponseError,
  ModelError,
  ProviderError,
  RateLimitError,
  TimeoutError,
} from '../../src/index.ts';

it('is retryable by default if it may go away by itself', () => {
  const errors = [
    new RateLimitError('m', 'slow down'),
    new ProviderError('m', 'down'),
    new ConnectionError('m', 'cut'),
    new TimeoutError('m', 100),
  ];
  const final = [
    new ModelError('m', 'no'),
    new AuthenticationError('m', 'no'),
    new InvalidRequestError('m', 'no'),
    new MalformedResponseError('m', 'no'),
  ];
  expect(errors.map(({ isRetryable }) => isRetryable)).toEqual([true, true, true, true]);
  expect(final.map(({ isRetryable }) => isRetryable)).toEqual([false, false, false, false]);
  expect(new RateLimitError('m', 'used up', { isRetryable: false }).isRetryable).toBe(false);
  expect(new RateLimitError('m', 'slow down', { retryAfterMs: 10, status: 429 })).toMatchObject({
    isRetryable: true,
    retryAfterMs: 10,
    status: 429,
  });
});
