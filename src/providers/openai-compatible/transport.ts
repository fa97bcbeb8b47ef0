/** One POST. */
export interface HttpRequest {
  readonly url: URL;
  /** With lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/** What came back. The body is to be read, or its iterator returned: that is what frees the connection. */
export interface HttpReply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a request, and resolves at the headers of the reply. Follows no redirect, since the key is meant for
 * this host alone, and has no deadline: the signal ends both the headers and the body.
 */
export type Transport = (request: HttpRequest) => Promise<HttpReply>;
