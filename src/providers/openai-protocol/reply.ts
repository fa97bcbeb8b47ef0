/** A reply over HTTP. Its body must be read or its iterator closed, because that frees the connection. */
export interface HttpReply {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array>;
}

/** Returns the request id in the headers of a reply. */
export const requestIdOf = ({ headers }: Pick<HttpReply, 'headers'>): string | undefined =>
  headers.get('x-request-id') ?? headers.get('apim-request-id') ?? undefined;
