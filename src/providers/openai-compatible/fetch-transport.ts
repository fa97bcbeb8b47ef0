import { asPromise } from '../../domain/foreign.ts';
import { chunksOf } from '../openai-protocol/body.ts';
import { platformFetch } from '../platform-fetch.ts';
import type { Transport } from './transport.ts';

/** Returns a transport over a `fetch`: the platform's, or the caller's. */
export const fetchTransport =
  (fetch: typeof globalThis.fetch = platformFetch()): Transport =>
  async ({ url, headers, body, signal }) => {
    const response = await asPromise(() =>
      fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' }),
    );
    return { status: response.status, headers: response.headers, body: chunksOf(response.body) };
  };
