import type { OnApplicationShutdown } from '@nestjs/common';
import { Subscription } from 'rxjs';
import { isA } from '../domain/foreign.ts';
import { CancelledError, type NoPredictionError } from '../domain/no-prediction.ts';
import { checked, durationMs, wholeNumber } from '../options.ts';
import { toHttpError } from '../server/to-http-error.ts';
import type { EnsembleEvent } from '../telemetry/event.ts';
import { currentClock } from '../time/clock.ts';
import type { EnsembleRegistry } from './ensemble-registry.ts';

/** Options of {@link EnsembleHealthIndicator}. */
export interface EnsembleHealthOptions {
  /** After how many failed predictions in a row an ensemble is down, from 1. Default 3. */
  readonly maxFailures?: number;
  /** How long after its last failure an ensemble is down, in milliseconds, so that it is asked again. Default 60,000. */
  readonly windowMs?: number;
}

/** The health of one ensemble. */
export interface EnsembleHealth {
  readonly status: 'up' | 'down';
  /** How many of its last predictions failed in a row. */
  readonly failuresInARow: number;
}

/** What `@nestjs/terminus` reads, by the key of the indicator. */
export type EnsembleHealthResult<Key extends string = string> = Readonly<
  Record<
    Key,
    {
      readonly status: 'up' | 'down';
      readonly message?: string;
      readonly ensembles: Readonly<Record<string, EnsembleHealth>>;
    }
  >
>;

interface Count {
  failuresInARow: number;
  failedAtMs: number;
}

/**
 * A health indicator for `@nestjs/terminus`. It asks no model, so it costs nothing: it counts how the predictions of the
 * application end, from its first check on. An ensemble is down if its last predictions failed, and up again after the next
 * answer or after `windowMs`. Predictions that were cancelled, and invalid queries, count as neither. While the application
 * shuts down, it is down.
 *
 * @example
 * ```ts no-run
 * import { Controller, Get } from '@nestjs/common';
 * import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
 * import { EnsembleHealthIndicator } from 'crucible-ensemble/nest';
 *
 * @Controller()
 * class HealthController {
 *   constructor(
 *     private readonly health: HealthCheckService,
 *     private readonly ensembles: EnsembleHealthIndicator,
 *   ) {}
 *
 *   @Get('health')
 *   @HealthCheck()
 *   check() {
 *     return this.health.check([() => this.ensembles.check('ensembles')]);
 *   }
 * }
 * ```
 */
export class EnsembleHealthIndicator implements OnApplicationShutdown {
  readonly #registry: Pick<EnsembleRegistry, 'get' | 'isClosing' | 'names'>;
  readonly #watching = new Subscription();
  readonly #clock = currentClock();
  #counts: ReadonlyMap<string, Count> | undefined;

  /** Created by `EnsembleModule`. */
  constructor(registry: Pick<EnsembleRegistry, 'get' | 'isClosing' | 'names'>) {
    this.#registry = registry;
  }

  /**
   * Returns the health of all ensembles.
   *
   * @throws {ConfigError} for invalid options.
   */
  check<const Key extends string>(key: Key, options: EnsembleHealthOptions = {}): EnsembleHealthResult<Key> {
    const { maxFailures, windowMs } = checked('EnsembleHealthIndicator.check', options, {
      maxFailures: [wholeNumber(1), 3],
      windowMs: [durationMs, 60_000],
    });
    this.#counts ??= this.#watch();
    const ensembles = Object.fromEntries(
      [...this.#counts].map(([name, { failuresInARow, failedAtMs }]) => {
        const isDown = failuresInARow >= maxFailures && this.#clock() - failedAtMs < windowMs;
        return [name, { status: isDown ? 'down' : 'up', failuresInARow }];
      }),
    ) as Record<string, EnsembleHealth>;
    const down = Object.keys(ensembles).filter((name) => ensembles[name]?.status === 'down');
    const message = this.#registry.isClosing
      ? 'the application is shutting down'
      : down.length > 0 && `the last ${maxFailures} predictions of ${down.join(', ')} failed`;
    const health = message ? { status: 'down', message, ensembles } : { status: 'up', ensembles };
    return { [key]: health } as EnsembleHealthResult<Key>;
  }

  /** Called by Nest. */
  onApplicationShutdown(): void {
    this.#watching.unsubscribe();
  }

  #watch(): ReadonlyMap<string, Count> {
    return new Map(
      this.#registry.names.map((name) => {
        const count: Count = { failuresInARow: 0, failedAtMs: 0 };
        this.#watching.add(this.#registry.get(name).events$.subscribe((event) => this.#record(count, event)));
        return [name, count] as const;
      }),
    );
  }

  #record(count: Count, event: EnsembleEvent): void {
    if (event.type === 'predict:stop') count.failuresInARow = 0;
    if (event.type !== 'predict:exception' || !isFailure(event.error)) return;
    count.failuresInARow += 1;
    count.failedAtMs = this.#clock();
  }
}

/** Whether the ensemble failed, and not its caller. */
const isFailure = (error: NoPredictionError): boolean =>
  !isA(error, CancelledError) && toHttpError(error).status !== 400;
