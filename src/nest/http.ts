/** A request of Node, as Express hands it on. */
export interface NodeRequest extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Whether something has read the body. */
  readonly readableDidRead: boolean;
  iterator(options: { readonly destroyOnReturn: boolean }): AsyncIterator<Uint8Array>;
}

/** A response of Node, as Express hands it on. */
export interface NodeResponse {
  statusCode: number;
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  setHeader(name: string, value: string | number | readonly string[]): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  /** Absent once the response is closed. */
  readonly socket?: { destroySoon(): void } | null;
  once(event: 'close' | 'drain' | 'finish', listener: () => void): unknown;
  off(event: 'close' | 'drain', listener: () => void): unknown;
}

/** A request of an adapter of Nest: that of Express is one of Node, that of Fastify has one. */
export interface AdapterRequest {
  readonly raw?: NodeRequest;
  /** The body as a parser of the application has read it. */
  readonly body?: unknown;
  /** The body as it came, if the application was created with `rawBody`. */
  readonly rawBody?: Uint8Array;
  /** The URL before routers changed it. */
  readonly originalUrl?: string;
}

/** A response of an adapter of Nest. */
export interface AdapterResponse {
  readonly raw?: NodeResponse;
  /** Fastify: leaves the response to the caller. */
  hijack?(): unknown;
  getHeaders?(): Readonly<Record<string, string | number | readonly string[] | undefined>>;
}

/** The request of Node. */
export const nodeRequest = (request: AdapterRequest): NodeRequest =>
  request.raw ?? (request as unknown as NodeRequest);

/** The response of Node. */
export const nodeResponse = (response: AdapterResponse): NodeResponse =>
  response.raw ?? (response as unknown as NodeResponse);
