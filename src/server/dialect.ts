import type { AskedOfChat, JsonObject } from '../chat/asked-of.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { StreamEvent } from '../domain/stream-event.ts';
import type { PredictOverrides } from '../engine/ensemble-options.ts';
import type { HttpError } from './request-refusal.ts';

/** As a client sent it: hostile until its fields are checked. */
export type { JsonObject } from '../chat/asked-of.ts';

/** The panel that a request chooses. */
export interface ChosenPanel {
  /** The ids of the models that are asked. Default: those of the ensemble. */
  readonly models?: readonly string[] | undefined;
  /** The id of the model that writes the answer where the votes do not decide. */
  readonly writer?: string | undefined;
  /** The places of both in the body. */
  readonly places: Readonly<Record<'models' | 'writer', string>>;
}

/** What a request asks for, in the words of the library. */
export interface Asked extends AskedOfChat {
  /** The name of the ensemble. */
  readonly model: string;
  readonly overrides: AskedOfChat['overrides'] & Pick<PredictOverrides, 'deadlineMs'>;
  /** The panel that the request chooses. */
  readonly chosen?: ChosenPanel | undefined;
  /** Whether the response is a stream of events. */
  readonly isStreamed: boolean;
}

/** The facts of a response that its dialect writes. */
export interface ResponseFacts {
  /** Letters and digits, to make ids of. */
  readonly id: string;
  /** When the request came, in seconds since 1970. */
  readonly createdS: number;
}

/** An event of a stream of events. */
export interface Frame {
  readonly event?: string;
  /** A text, or a value that is written as JSON. */
  readonly data: unknown;
}

/** Writes the stream of one response. */
export interface StreamWriter {
  /** What is sent before the first event. */
  begin(): readonly Frame[];
  /** What is sent for an event. That of `complete` is the last. */
  event(event: StreamEvent): readonly Frame[];
  /** What is sent for a failure. It is the last. */
  fail(error: HttpError): readonly Frame[];
}

/** How one API writes its requests, responses, streams and errors. */
export interface Dialect<A extends Asked = Asked> {
  /**
   * Reads the body of a request.
   *
   * @throws {RequestRefusal} that names the field, for a value that is invalid or not supported.
   */
  read(body: JsonObject): A;
  write(asked: A, prediction: Prediction, facts: ResponseFacts): JsonObject;
  stream(asked: A, facts: ResponseFacts): StreamWriter;
  error(error: HttpError): JsonObject;
}
