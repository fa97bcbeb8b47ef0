/** A POST request. */
export interface HttpRequest {
  readonly url: URL;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** A reply. Its body must be read or its iterator closed, because that frees the connection. */
export interface HttpReply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request and resolves at the headers of the reply. Follows no redirects, because the key is for this host
 * alone. Has no deadline: the signal cancels headers and body.
 */
export type Transport = (request: HttpRequest) => Promise<HttpReply>;
