import type { Model, ModelResponse } from '../../domain/model.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { WireDialect } from '../dialects/wire-dialect.ts';
import type { FaultServer } from '../fault-server.ts';

/** What a model does not do, because its SDK or its API has no way to; the cases about it are left out. */
export type Limitation =
  /** Deltas are never emitted. */
  | 'no-streaming'
  /** The answer is not asked for by its JSON Schema. */
  | 'no-answer-schema'
  /** Bodies are held however long they are. */
  | 'no-body-cap'
  /** Headers are not seen: no request id and no hint of theirs when to retry. */
  | 'no-headers'
  /** Redirects are followed, with the key. */
  | 'follows-redirects';

/** Everything that a call gave, in the end. */
export interface Heard {
  readonly deltas: readonly string[];
  readonly response: ModelResponse | undefined;
  readonly error: unknown;
}

/** What a case of the contract works with. */
export interface Stage {
  readonly server: FaultServer;
  readonly model: Model;
  /** Another model with the same key, asking elsewhere. */
  readonly modelAt: (baseURL: string) => Model;
  readonly dialect: WireDialect;
  /** Asks once and waits for the end; fails where the key is in what comes. */
  readonly ask: (request?: Partial<ModelRequest>) => Promise<Heard>;
  /** Fails where the key is anywhere in it. */
  readonly search: (value: unknown) => void;
}

/** One clause of the contract, as its test. */
export interface Clause {
  readonly name: string;
  readonly check: (stage: Stage) => Promise<void>;
  /** Left out for a model with this limitation, or with any of these. */
  readonly unless?: Limitation | readonly Limitation[];
}
