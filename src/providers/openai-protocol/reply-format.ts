import type { ModelResponse } from '../../domain/model.ts';
import type { Exchange } from '../provider-model.ts';
import type { ReplyHeaders } from '../rate-limits.ts';

/** An answer that is streamed as server-sent events. */
export interface AnswerStream extends Pick<Exchange, 'emit'> {
  readonly body: AsyncIterable<Uint8Array>;
  readonly headers?: ReplyHeaders;
  /** Whether the server writes no finish reasons. */
  readonly isFinishOptional: boolean;
  /** Closes the connection. */
  readonly close: () => void;
}

/** An answer as it was read from a body. */
export interface ReadAnswer {
  /** The id and the usage as the server sent them. */
  readonly id: unknown;
  readonly usage: unknown;
  /** @throws {ModelError} if it is none. */
  readonly toResponse: (requestId: string | undefined) => ModelResponse;
}

/** How an API of OpenAI writes its answers. */
export interface ReplyFormat {
  /** Reads an answer that came as one JSON value. */
  readonly readWhole: (model: string, body: unknown, headers: ReplyHeaders) => ReadAnswer;
  /**
   * Reads a stream to its end.
   *
   * @throws {ModelError} if it has an error, or ends too early. Errors of the transport pass through.
   */
  readonly readStream: (model: string, stream: AnswerStream) => Promise<ReadAnswer>;
}
