import type { HttpReply } from '../openai-protocol/reply.ts';

/** A POST request. */
export interface HttpRequest {
  readonly url: URL;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and resolves at the headers of the reply. Follows no redirects, because the key is for this host
 * alone. Has no deadline: the signal cancels headers and body.
 */
export type Transport = (request: HttpRequest) => Promise<HttpReply>;
