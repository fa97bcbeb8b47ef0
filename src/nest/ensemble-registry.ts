import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { ConfigError } from '../domain/errors.ts';
import { isObject } from '../domain/is-object.ts';
import {
  checked,
  delayMs,
  hasMethods,
  reading,
  recordFaults,
  required,
  shown,
  suchThat,
} from '../options.ts';
import type { EnsembleHandler } from '../server/create-ensemble-handler.ts';
import { shuttingDown } from '../server/shutting-down.ts';
import { startTimer, stopTimer, type Timer } from '../time/clock.ts';
import type { Ensemble } from '../values/ensemble.ts';
import { ensembleUntil } from './ensemble-until.ts';

/** Options of {@link EnsembleModule.forRoot}. */
export interface EnsembleModuleOptions {
  /** The ensembles by name. The only one, or the one named `default`, is injected where no name is given. */
  readonly ensembles: Readonly<Record<string, Ensemble>>;
  /**
   * How long predictions in flight may continue after the application began to shut down, in milliseconds, from 0. Default
   * 10,000. Then they are aborted, so that `app.close()` ends. Those of no request are aborted as soon as the server is closed.
   */
  readonly graceMs?: number;
}

const DEFAULT_NAME = 'default';
const OWNER = 'EnsembleModule.forRoot';

const anEnsemble = suchThat('an ensemble of createEnsemble', (value) =>
  hasMethods(value, 'predict', 'predict$', 'stream', 'predictAll'),
);

/**
 * The ensembles of an application. Inject it if a name is known at run time only. Its predictions are aborted when the
 * application shuts down.
 */
export class EnsembleRegistry implements BeforeApplicationShutdown, OnApplicationShutdown {
  /** The names of the ensembles. */
  readonly names: readonly string[];
  readonly #ensembles: Readonly<Record<string, Ensemble>>;
  readonly #graceMs: number;
  readonly #stop = new AbortController();
  readonly #handlers: Pick<EnsembleHandler, 'close'>[] = [];
  #closing: readonly Promise<void>[] | undefined;
  #timer: Timer | undefined;

  /** @throws {ConfigError} that lists every fault of the options. */
  constructor(options: EnsembleModuleOptions) {
    const { ensembles, graceMs } = reading(OWNER, () =>
      checked(
        OWNER,
        options,
        {
          ensembles: required(
            suchThat(
              'an object with at least one ensemble',
              (value) => isObject(value) && Object.keys(value).length > 0,
            ),
          ),
          graceMs: [delayMs, 10_000],
        },
        recordFaults(`${OWNER}: ensembles`, options?.ensembles, anEnsemble),
      ),
    );
    this.names = Object.keys(ensembles);
    this.#graceMs = graceMs;
    this.#ensembles = Object.fromEntries(
      this.names.map((name) => [name, ensembleUntil(ensembles[name] as Ensemble, this.#stop.signal)]),
    );
  }

  /**
   * Returns an ensemble. Without a name: the only one, or the one named `default`.
   *
   * @throws {ConfigError} if no ensemble has the name.
   */
  get(name?: string): Ensemble {
    const wanted = name ?? (this.names.length === 1 ? this.names[0] : DEFAULT_NAME);
    const ensemble = Object.hasOwn(this.#ensembles, wanted as string) && this.#ensembles[wanted as string];
    if (ensemble) return ensemble;
    const known = this.names.map(shown).join(', ');
    throw new ConfigError([
      name === undefined
        ? `EnsembleModule: there are several ensembles (${known}) and none is named "default"; give a name`
        : `EnsembleModule: there is no ensemble ${shown(name)}; there are ${known}`,
    ]);
  }

  /** Whether the application is shutting down. */
  get isClosing(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Closes a handler with the application.
   *
   * @internal
   */
  closes(handler: Pick<EnsembleHandler, 'close'>): void {
    this.#handlers.push(handler);
  }

  /** Called by Nest before it closes the server, which waits for the requests in flight. */
  beforeApplicationShutdown(): void {
    this.#closing ??= this.#handlers.map((handler) => handler.close({ graceMs: this.#graceMs }));
    this.#timer ??= startTimer(() => this.#abort(), this.#graceMs);
  }

  /** Called by Nest when the server is closed. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#timer !== undefined) stopTimer(this.#timer);
    this.#abort();
    await Promise.all(this.#closing ?? []);
  }

  #abort(): void {
    this.#stop.abort(shuttingDown());
  }
}
