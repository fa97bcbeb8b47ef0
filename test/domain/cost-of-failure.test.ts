import { describe, expect, it } from 'vitest';
import { costOfFailure } from '../../src/domain/cost.ts';
import { neverOpened } from '../../src/domain/never-opened.ts';
import {
  AuthenticationError,
  BudgetExceededError,
  CircuitOpenError,
  ConnectionError,
  InvalidRequestError,
  MalformedResponseError,
  ModelError,
  ProviderError,
  QueueFullError,
  RateLimitError,
  ResponseTooLargeError,
  TimeoutError,
} from '../../src/index.ts';
import { connectionError } from '../../src/providers/connection-error.ts';
import { httpError } from '../../src/providers/http-error.ts';
import { sdkError } from '../../src/providers/sdk-error.ts';

const free = { costUsd: 0, costSource: 'reported' };
const unknown = { costUsd: undefined, costSource: 'unknown' };
const coded = (code: string, fields: object = {}) => Object.assign(new Error('prose'), { code, ...fields });
const wrapped = (cause: unknown) => new TypeError('fetch failed', { cause });

describe('the cost of a failed call', () => {
  it.each([
    ['a rate limit', new RateLimitError('a', 'slow down')],
    ['a rejected key', new AuthenticationError('a', 'no', { status: 401 })],
    ['a rejected request', new InvalidRequestError('a', 'no', { status: 422 })],
    ['a full queue', new QueueFullError('a', 1)],
    ['an open circuit', new CircuitOpenError('a', 5)],
    ['a used up cap', new BudgetExceededError('a', 'too little is left')],
    ['a function whose connection was refused', new ModelError('a', 'x', { cause: coded('ECONNREFUSED') })],
  ])('is 0 for %s', (_what, error) => {
    expect(costOfFailure(error)).toStrictEqual(free);
  });

  it.each([
    ['a server error', new ProviderError('a', 'failed', { status: 502 })],
    ['a reset', new ConnectionError('a', 'reset')],
    ['a reply that cannot be read', new MalformedResponseError('a', 'cut')],
    ['a reply that is too large', new ResponseTooLargeError('a', 'large')],
    ['an error of a function', new ModelError('a', 'failed', { cause: new Error('bug') })],
    ['a rate limit within a reply', new RateLimitError('a', 'slow down', { status: 200 })],
    ['a rejected key within a reply', new AuthenticationError('a', 'no', { status: 200 })],
    ['a rejected request within a reply', new InvalidRequestError('a', 'no', { status: 200 })],
    ['a cost that cannot be', new ProviderError('a', 'failed', { costUsd: Number.NaN })],
    [
      'a fallback whose last member failed',
      new ModelError('a', 'all', { cause: new ProviderError('b', 'x') }),
    ],
  ])('is unknown for %s', (_what, error) => {
    expect(costOfFailure(error)).toStrictEqual(unknown);
  });

  it('is estimated for a timeout, and what an error reports otherwise', () => {
    expect(costOfFailure(new TimeoutError('a', 5))).toBeUndefined();
    expect(costOfFailure(new ProviderError('a', 'x', { costUsd: 0.25 }))).toStrictEqual({
      ...free,
      costUsd: 0.25,
    });
  });

  it('is 0 for each complete refusal with 4xx, and unknown for 3xx, 5xx and for any within a reply', () => {
    for (let status = 300; status < 600; status += 1) {
      const isRefusal = status >= 400 && status < 500;
      expect(costOfFailure(httpError('a', { status }))).toStrictEqual(isRefusal ? free : unknown);
      const within = httpError('a', { status, isWithinReply: true });
      expect(costOfFailure(within)).toStrictEqual(unknown);
      expect(within.status).toBe(200);
    }
  });
});

const unopened: readonly (readonly [what: string, error: unknown])[] = [
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EHOSTUNREACH', 'ENETUNREACH'].map(
    (code) => [code, coded(code)] as const,
  ),
  ...['ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', 'EPERM', 'EMFILE'].map(
    (code) => [`${code} as it connects`, coded(code, { syscall: 'connect' })] as const,
  ),
  ['a connect timeout of undici', coded('UND_ERR_CONNECT_TIMEOUT')],
  ['a host of Bun', coded('ConnectionRefused')],
  ['an address of Bun', coded('FailedToOpenSocket')],
  ...[
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNKNOWN_CERTIFICATE_VERIFICATION_ERROR',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  ].map((code) => [code, coded(code)] as const),
  [
    'a handshake that OpenSSL describes',
    Object.assign(new Error('write EPROTO 0A00010B:SSL routines:ssl3_get_record:wrong version number'), {
      code: 'EPROTO',
      syscall: 'write',
    }),
  ],
  [
    'a socket that is closed in the handshake',
    Object.assign(
      new Error('Client network socket disconnected before secure TLS connection was established'),
      {
        code: 'ECONNRESET',
      },
    ),
  ],
  [
    'a connection of Deno',
    new TypeError('error sending request for url (http://x/): client error (Connect): …'),
  ],
  ['a port that fetch blocks', new Error('bad port')],
  ['several addresses', new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')], 'each failed')],
];

const opened: readonly (readonly [what: string, error: unknown])[] = [
  ['a reset', coded('ECONNRESET', { syscall: 'read' })],
  ['a reset without a name', coded('ECONNRESET')],
  ['a timeout of a read', coded('ETIMEDOUT', { syscall: 'read' })],
  ['a route that is lost later', coded('EHOSTUNREACH', { syscall: 'read' })],
  ['a broken pipe', coded('EPIPE', { syscall: 'write' })],
  ['a closed socket of undici', coded('UND_ERR_SOCKET')],
  ['a body timeout of undici', coded('UND_ERR_BODY_TIMEOUT')],
  ['a headers timeout of undici', coded('UND_ERR_HEADERS_TIMEOUT')],
  ['a closed connection of Bun', coded('ConnectionClosed')],
  ['a record that is damaged', coded('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC')],
  ['an end within a record', coded('ERR_SSL_UNEXPECTED_EOF_WHILE_READING')],
  ['a body that ends early', new TypeError('terminated', { cause: coded('UND_ERR_SOCKET') })],
  ['one address of two', new AggregateError([coded('ECONNREFUSED'), coded('ECONNRESET')], 'each failed')],
  ['no addresses', new AggregateError([], 'each failed')],
  ['an error without a code', new Error('socket hang up')],
  ['a word', 'ECONNREFUSED'],
  ['nothing', undefined],
];

describe('a connection that was never opened', () => {
  it.each(unopened)('is known by %s, alone and as a cause', (_what, error) => {
    for (const shape of [error, wrapped(error), new Error('outer', { cause: wrapped(error) })]) {
      expect(neverOpened(shape)).toBe(true);
      expect(connectionError('a', shape)).toMatchObject({ costUsd: 0, isRetryable: true });
    }
    const ofSdk = Object.assign(new Error('Connection error.', { cause: wrapped(error) }), {
      status: undefined,
      headers: undefined,
      error: undefined,
    });
    expect(sdkError('a', ofSdk)).toMatchObject({ name: 'ConnectionError', costUsd: 0 });
  });

  it.each(opened)('is not what %s says', (_what, error) => {
    expect(neverOpened(error)).toBe(false);
    expect(connectionError('a', error).costUsd).toBeUndefined();
  });

  it('is not searched for in a circle of causes', () => {
    const error = new Error('outer');
    error.cause = error;
    expect(neverOpened(error)).toBe(false);
  });
});
