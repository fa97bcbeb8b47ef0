import { ConfigError } from '../domain/errors.ts';
import { asPromise, readSafely } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { RemoteError, type RemoteErrorOptions, textIn } from './remote-error.ts';

/** How a server is reached. */
export interface Connection {
  /** The URL of the predictions. */
  readonly url: string;
  readonly headers: () => HeadersInit | Promise<HeadersInit>;
  readonly fetch: typeof fetch;
  /** Receives the headers of each request. */
  readonly watch: (headers: Headers) => void;
}

/**
 * Sends one request.
 *
 * @throws {RemoteError} if the server cannot be reached, or refuses the request.
 */
export const post = async (connection: Connection, body: string, signal: AbortSignal): Promise<Response> => {
  const { url } = connection;
  if (!URL.canParse(url, readSafely(readSafely(globalThis, 'location'), 'href') as string | undefined))
    throw new ConfigError(['createEnsembleClient: outside of a browser, option "url" must be absolute']);
  const headers = await headersOf(connection);
  const response = await sent(connection, { method: 'POST', headers, body, signal, redirect: 'error' });
  if (!response.ok) throw await refusalOf(response);
  return response;
};

const sent = async ({ fetch, url }: Connection, init: RequestInit): Promise<Response> => {
  try {
    const response = await asPromise(() => fetch(url, init));
    // The one of a caller may return anything.
    if (response.headers.has('content-type') || response.status > 0) return response;
    throw new TypeError('not a response');
  } catch (cause) {
    throw new RemoteError(
      'the ensemble server cannot be reached; check that it runs, the "url" of the client, and that the server accepts pages of this origin',
      { code: 'connection_failed', cause },
    );
  }
};

const headersOf = async ({ headers: given, watch }: Connection): Promise<Headers> => {
  try {
    const headers = new Headers(await asPromise(given));
    watch(headers);
    headers.set('content-type', 'application/json');
    return headers;
  } catch (cause) {
    // Its message is not repeated, because it may quote a header.
    throw new RemoteError('the headers of the client cannot be used', { code: 'headers_failed', cause });
  }
};

const refusalOf = async (response: Response): Promise<RemoteError> =>
  errorIn(await response.json().catch(() => undefined), response);

/** Reads the body of an error. Every other body is one of another server, such as a proxy. */
export const errorIn = (body: unknown, response: Response): RemoteError => {
  const error = readSafely(body, 'error');
  const message = textIn(error, 'message');
  if (!isObject(error) || message === undefined) return unreadable(response);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const status = readSafely(error, 'status') ?? response.status;
  return new RemoteError(message, {
    ...error,
    ...factsOf(response),
    status: typeof status === 'number' ? status : response.status,
    retryAfterMs: seconds >= 0 ? seconds * 1000 : undefined,
  } as RemoteErrorOptions);
};

/** The error of a response that no ensemble server writes. */
export const unreadable = (response: Response): RemoteError =>
  new RemoteError(
    `expected a response of an ensemble server, but got status ${response.status} and ${response.headers.get('content-type') ?? 'no content type'}; check the "url" of the client, and the proxies before the server`,
    { code: 'unreadable_response', ...factsOf(response) },
  );

const factsOf = ({ status, headers }: Response): Pick<RemoteErrorOptions, 'status' | 'requestId'> => ({
  status,
  requestId: headers.get('x-request-id') ?? undefined,
});
