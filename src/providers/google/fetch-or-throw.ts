import { boundedFetch } from '../bounded-fetch.ts';
import { refusalError } from './refusal-error.ts';
import { revising } from './revise.ts';

interface FetchOptions {
  readonly maxResponseBytes: number;
  /** Called with every error, before the SDK converts it. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Returns a `fetch` with a size limit that follows no redirects and converts errors itself: the SDKs drop the headers of a
 * refusal, its status if the body is not JSON, and errors within a reply whose code is not a number. They also drop
 * events with a name.
 */
export const fetchOrThrow = (
  model: string,
  { maxResponseBytes, onError = () => undefined }: FetchOptions,
): typeof fetch => {
  const bounded = boundedFetch(maxResponseBytes, {
    parts: ({ url, headers }) => ({
      ...revising(model, headers),
      nameOf: () => undefined,
      isStream: url.includes(':streamGenerateContent'),
      onError,
    }),
  });
  const fetched: typeof fetch = async (input, init) => {
    const response = await bounded(input, init);
    if (response.ok) return response;
    const body = await response.text().catch(() => '');
    throw refusalError(model, { status: response.status, body, headers: response.headers });
  };
  return (input, init) =>
    fetched(input, init).catch((error: unknown) => {
      onError(error);
      throw error;
    });
};
