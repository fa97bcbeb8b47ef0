import type { Observable } from 'rxjs';
import type { Model } from '../domain/model.ts';
import type { Admission } from './admission.ts';
import type { Callers } from './callers.ts';
import type { Dialect } from './dialect.ts';
import type { Exchange } from './exchange.ts';
import type { BodyLimits } from './read-body.ts';
import type { ServableEnsemble } from './serve-prediction.ts';
import type { ServedEvent } from './served-event.ts';

/** What the routes of a server share. */
export interface Door {
  readonly ensembles: Readonly<Record<string, ServableEnsemble>>;
  /** The models that requests may choose among, by ensemble. */
  readonly choices: Readonly<Record<string, readonly Model[]>>;
  readonly callers: Callers;
  readonly admission: Admission;
  readonly limits: BodyLimits;
  readonly keepAliveMs: number;
  readonly deadlineMs: number;
  /** Whether the server accepts no new predictions. */
  isClosing(): boolean;
  emit(event: ServedEvent): void;
  readonly events$: Observable<ServedEvent>;
}

/** What a server does for the requests of one path. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** The path, or its beginning if it ends with `/*`. */
  readonly path: string;
  /** Whether a request needs no key. */
  readonly isOpen?: boolean;
  /** How errors are written. Default: as those of OpenAI. */
  readonly error?: Dialect['error'];
  /** Must call `exchange.end()` once the response is complete, unless it throws. */
  handle(exchange: Exchange, door: Door): Promise<Response>;
}
