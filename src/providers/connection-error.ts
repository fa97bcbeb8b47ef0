import { ConnectionError, MalformedResponseError } from '../domain/errors.ts';
import { isA, readSafely } from '../domain/foreign.ts';
import { neverOpened } from '../domain/never-opened.ts';

/** Returns the code of a network failure, such as `ECONNREFUSED`, of an error, or of its cause if the error has none. */
export const networkCode = (error: unknown): string | undefined => {
  if (!isA(error, Error)) return undefined;
  const code = readSafely(error, 'code');
  return typeof code === 'string' && /^[A-Z][A-Za-z0-9_]{1,63}$/.test(code)
    ? code
    : networkCode(readSafely(error, 'cause'));
};

const HINTS: ReadonlyMap<string | undefined, string> = new Map([
  ['ECONNREFUSED', ': check that the server is running, and "baseURL"'],
  ['ENOTFOUND', ': check the host name in "baseURL", and the network'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', ': the server has no TLS, so use http: in "baseURL"'],
  ['EAI_AGAIN', ': check the host name in "baseURL", and the network'],
]);

/**
 * Converts a network failure to a typed error. Only its code is repeated, because a message may contain anything. It cost
 * nothing if no connection was opened; what a broken connection cost is unknown.
 *
 * @param isUnsent whether it is known that nothing was sent.
 */
export const connectionError = (
  model: string,
  error: unknown,
  isUnsent = neverOpened(error),
): ConnectionError => {
  const code = networkCode(error);
  const named = code === undefined ? '' : ` (${[code, ...addressOf(error)].join(' ')})`;
  return new ConnectionError(model, `the connection failed${named}${HINTS.get(code) ?? ''}`, {
    isRetryable: true,
    ...(isUnsent && { costUsd: 0 }),
  });
};

/** The address that was connected to, as the system reports it with its code. */
const addressOf = (error: unknown): string[] => {
  if (!isA(error, Error)) return [];
  const address = readSafely(error, 'address');
  const port = readSafely(error, 'port');
  if (typeof port !== 'number' || typeof address !== 'string') return addressOf(readSafely(error, 'cause'));
  return /^[\d.]{7,15}$/.test(address)
    ? [`${address}:${port}`]
    : /^[\da-f:]{2,39}$/i.test(address)
      ? [`[${address}]:${port}`]
      : [];
};

/** Returns the error of a stream that ended too early. */
export const cutOffError = (model: string): MalformedResponseError =>
  new MalformedResponseError(model, 'the stream ended before the answer was complete', { isRetryable: true });
