/** What a client read of an answer. */
export interface ClientAnswer {
  readonly text: string;
  /** All tokens, if the client tells them. */
  readonly totalTokens?: number | undefined;
}

/** What a client asks and how it may leave. */
export interface ClientRequest {
  /** The address of the server, without a path. */
  readonly url: string;
  readonly model: string;
  readonly question: string;
  readonly signal?: AbortSignal;
}

/** The schema of what `object` asks for. */
export const citySchema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
} as const;

/** The schema of the arguments of the tool `book` that `tools` offers. */
export const bookSchema = {
  type: 'object',
  properties: { guests: { type: 'integer' } },
  required: ['guests'],
  additionalProperties: false,
} as const;

/** A library, or a program, that asks the server. What it cannot do is absent. */
export interface Client {
  readonly name: string;
  /** The path that it asks. */
  readonly path: string;
  create(request: ClientRequest): Promise<ClientAnswer>;
  stream(request: ClientRequest): Promise<ClientAnswer>;
  /** Asks for an object of {@link citySchema}. */
  object?(request: ClientRequest): Promise<unknown>;
  /** Offers the tool `book`, calls `book` with its arguments, and returns what the model says then. */
  tools?(request: ClientRequest, book: (input: unknown) => string): Promise<ClientAnswer>;
  /** The status of an error; undefined if the client does not tell. */
  statusOf(error: unknown): number | undefined;
}
