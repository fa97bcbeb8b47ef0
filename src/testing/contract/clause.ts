import type { Model, ModelDelta, ModelResponse } from '../../domain/model.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { RequestFeature } from '../../domain/request-features.ts';
import type { WireDialect } from '../dialects/wire-dialect.ts';
import type { FaultServer } from '../fault-server.ts';

/** A feature that the SDK or the API of a model does not support; its cases are skipped, or check that it is refused. */
export type Limitation =
  /** The model never emits deltas. */
  | 'no-streaming'
  /** The model ignores the JSON Schema of an answer. */
  | 'no-answer-schema'
  /** The model reads bodies of any length. */
  | 'no-body-cap'
  /** The model cannot read headers: it gives no request id, and no retry hint from a header. */
  | 'no-headers'
  /** The model follows redirects, and sends the key along. */
  | 'follows-redirects'
  /** The model cannot be sent this, or no files at all; a request with it must fail before anything is sent. */
  | `no-${RequestFeature}`
  | 'no-files'
  /** The model takes no settings of a query; each must be left out with a warning. */
  | 'no-settings'
  /** The model shows no reasoning. */
  | 'no-reasoning';

/** Everything that a call emitted, and how it ended. */
export interface CallResult {
  /** The pieces of the text. */
  readonly deltas: readonly string[];
  /** All pieces: also those of the reasoning and of the arguments of tools. */
  readonly pieces: readonly ModelDelta[];
  readonly response: ModelResponse | undefined;
  readonly error: unknown;
}

/** The server and the model of one case, and its tools. */
export interface Stage {
  readonly server: FaultServer;
  readonly model: Model;
  /** Makes another model with the same key for another server. */
  readonly modelAt: (baseURL: string) => Model;
  readonly dialect: WireDialect;
  /** Makes one call and waits until it ends. Fails if the result shows the key. */
  readonly ask: (request?: Partial<ModelRequest>) => Promise<CallResult>;
  /** Fails if a value shows the key. */
  readonly search: (value: unknown) => void;
}

/** One clause of the contract, with its test. */
export interface Clause {
  readonly name: string;
  readonly check: (stage: Stage) => Promise<void>;
  /** The clause is left out for a model with this limitation, or with any of these. */
  readonly unless?: Limitation | readonly Limitation[];
  /** The clause that holds for such a model instead. Default: none. */
  readonly otherwise?: Clause;
}
