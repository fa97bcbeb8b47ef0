import { ResponseTooLargeError } from '../domain/errors.ts';
import { asPromise } from '../domain/foreign.ts';
import { platformFetch } from './platform-fetch.ts';
import { type PartOptions, wholeParts } from './whole-parts.ts';

/** Ends a body if it exceeds the limit. Adapters convert it to a `ResponseTooLargeError`. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

/** Whether an error is a body that exceeded the limit, or was caused by one. */
export const isBodyTooLarge = (error: unknown): boolean =>
  error instanceof BodyTooLarge ||
  (error instanceof Error && error.cause !== undefined && isBodyTooLarge(error.cause));

/** Returns the error of a call if its response exceeds `maxResponseBytes`. */
export const tooLargeError = (model: string): ResponseTooLargeError =>
  new ResponseTooLargeError(
    model,
    'the response exceeds "maxResponseBytes" and was cancelled: raise the limit, or lower "maxOutputTokens"',
  );

/** The default limit of a response: 16 MiB. */
export const MAX_RESPONSE_BYTES = 16 * 2 ** 20;

/** Returns a function that counts chunks and throws {@link BodyTooLarge} when they exceed the limit. */
export const byteLimit = (maxBytes: number): ((chunk: Uint8Array) => void) => {
  let received = 0;
  return (chunk) => {
    received += chunk.byteLength;
    if (received > maxBytes) throw new BodyTooLarge(`more than ${maxBytes} bytes`);
  };
};

interface FetchOptions {
  /** A `fetch` of the caller. Default: that of the platform. */
  readonly fetch?: typeof fetch | undefined;
  /** Returns how the parts of a reply are read. */
  readonly parts?: (reply: Reply) => PartOptions;
  /** Whether answers are left as they are, because their reader enforces the limit itself. Default false. */
  readonly leavesAnswers?: boolean;
}

/** A reply as far as its body has not been read. */
export interface Reply {
  readonly url: string;
  readonly headers: Headers;
}

/**
 * Wraps a `fetch`. A body ends with an error above the limit, so that no response can fill the memory, and arrives in
 * {@link wholeParts}. Redirects are not followed, because that would send the key to another host.
 */
export const boundedFetch =
  (
    maxResponseBytes: number,
    { fetch: given, leavesAnswers = false, parts }: FetchOptions = {},
    plainFetch = given === undefined ? platformFetch() : untilAborted(given),
  ): typeof fetch =>
  async (input, init) => {
    const response = await plainFetch(input, { ...init, redirect: 'manual' });
    // Browsers hide the status of a redirect that is not followed.
    if (response.type === 'opaqueredirect') return new Response(null, { status: 302 });
    if (response.body === null || (response.ok && leavesAnswers)) return response;
    if (parts === undefined && isPlainJson(response, maxResponseBytes)) return response;
    const count = byteLimit(maxResponseBytes);
    const reading = response.ok
      ? parts?.({ url: String(input), headers: response.headers })
      : { isRefusal: true };
    return new Response(wholeParts(response.body, { count, ...reading }), response);
  };

/** Holds a `fetch` of a caller to its contract: it rejects when its signal aborts. The SDKs would wait for it. */
const untilAborted =
  (plainFetch: typeof fetch): typeof fetch =>
  (input, init) =>
    new Promise((resolve, reject) => {
      const { signal } = init ?? {};
      const abort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      asPromise(() => plainFetch(input, init))
        .finally(() => signal?.removeEventListener('abort', abort))
        .then(resolve, reject);
    });

/** Whether a body is JSON that HTTP itself keeps within the limit. Once decompressed, a body may be larger. */
const isPlainJson = ({ headers }: Response, maxResponseBytes: number): boolean =>
  /\bjson\b/.test(headers.get('content-type') ?? '') &&
  !headers.has('content-encoding') &&
  Number(headers.get('content-length') ?? Number.NaN) <= maxResponseBytes;
