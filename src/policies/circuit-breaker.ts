import { defer, Observable, takeWhile, tap } from 'rxjs';
import type { CallResult } from '../domain/call-result.ts';
import {
  AuthenticationError,
  BudgetExceededError,
  CircuitOpenError,
  InvalidRequestError,
  QueueFullError,
  ReplayMissError,
  ResponseTooLargeError,
} from '../domain/errors.ts';
import { isDelta, type Model } from '../domain/model.ts';
import { attemptListener } from '../domain/request.ts';
import { type Check, delayMs, faultsOf, MAX_DELAY_MS, ofType, refuse, wholeNumber } from '../options.ts';
import { type CircuitState, createCircuit, type Verdict } from './circuit.ts';
import { reasonAgainst } from './pass-over.ts';
import { deciding, type ShouldHandle } from './should-handle.ts';

/** A change that {@link CircuitBreakerOptions.onStateChange} is told of. */
export interface CircuitChange {
  /** The id of the model. */
  readonly model: string;
  readonly state: CircuitState;
  readonly previous: CircuitState;
}

/** When a model is not asked any more, and when again. */
export interface CircuitBreakerOptions {
  /** The share of failed calls at which the circuit opens, above 0 up to 1. Default 0.5. */
  readonly failureRatio?: number | undefined;
  /** How many calls there must be in the window before a share says anything. From 1; default 10. */
  readonly minimumCalls?: number | undefined;
  /** How far back calls count, in milliseconds above 0. Default 30,000. */
  readonly windowMs?: number | undefined;
  /** How long an open circuit lets nothing through, in milliseconds. Default 10,000. */
  readonly breakMs?: number | undefined;
  /**
   * Whether this result counts as a failure of the model: an error, or a response that does not count in the vote. If it
   * throws, the default decides. Default: see {@link circuitBreaker}.
   */
  readonly shouldHandle?: ShouldHandle | undefined;
  /** Told of every change, as it happens. Default: nobody is. */
  readonly onStateChange?: ((change: CircuitChange) => void) | undefined;
}

/**
 * A policy that stops asking a model whose calls fail, and tries it again after a while with one call. Each model
 * that it is applied to has a circuit of its own, which lives as long as the model.
 *
 * ```text
 * call   ^--x ^--x ^--x  ^!  ^!      ^--4    ^--4
 * state  closed       open           half-open, closed
 *                     |-- breakMs ---|
 * ```
 *
 * A call that is not let through fails at once with `CircuitOpenError`, costs nothing, and sends nothing. `retry`
 * does not wait for it; `fallback` asks the next.
 *
 * By default every error says that the model is down but those that are the request's own fault:
 * `AuthenticationError`, `InvalidRequestError`, `ResponseTooLargeError`. An end without an answer, and a call that
 * was ended at the `timeoutMs` of the ensemble, are failures too. Calls that were never sent (`QueueFullError`,
 * `BudgetExceededError`, `ReplayMissError`, still in a line at `timeoutMs`) and calls that were cancelled say nothing;
 * a cancelled probe leaves its place to the next call. An answer says that the model is up, whatever it is worth.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { circuitBreaker } from 'crucible-ensemble/policies';
 *
 * const dead = defineModel('dead', () => Promise.reject(new Error('down')));
 * const steady = defineModel('steady', () => 'Paris');
 * const models = [circuitBreaker({ minimumCalls: 2 })(dead), steady];
 * const ensemble = createEnsemble({ models, minResponses: 1 });
 * const reasons: (string | undefined)[] = [];
 * for (const question of ['One?', 'Two?', 'Three?']) {
 *   const { metadata } = await ensemble.predict(question);
 *   reasons.push(metadata.missing[0]?.reason);
 * }
 * reasons; // => ['ModelError', 'ModelError', 'CircuitOpenError']
 * ```
 */
export const circuitBreaker = (options: CircuitBreakerOptions = {}): ((model: Model) => Model) => {
  refuse(faultsOf('circuitBreaker', options, checks));
  const { failureRatio = 0.5, minimumCalls = 10, windowMs = 30_000, breakMs = 10_000 } = options;
  const { onStateChange } = options;
  const shouldHandle = deciding(options.shouldHandle ?? isDown, isDown);
  const verdictOn = (result: CallResult): Verdict => {
    if (wasNeverSent(result.error)) return 'nothing';
    return shouldHandle(result) ? 'down' : 'up';
  };
  return (model) => {
    const circuit = createCircuit({ failureRatio, minimumCalls, windowMs, breakMs }, (state, previous) => {
      try {
        onStateChange?.({ model: model.id, state, previous });
      } catch {
        // Who watches the circuit is no part of the call.
      }
    });
    return {
      ...model,
      call: (request) =>
        new Observable((subscriber) => {
          const settle = circuit.enter();
          if (typeof settle !== 'function') {
            subscriber.error(new CircuitOpenError(model.id, settle.retryAfterMs));
            return;
          }
          // At once, where whoever was told of the circuit has given the call up.
          subscriber.add(() => settle(attemptListener(request)?.hasExpired === true ? 'down' : 'nothing'));
          if (subscriber.closed) return;
          defer(() => model.call(request))
            .pipe(
              tap({
                next: (output) => {
                  if (isDelta(output)) return;
                  const reason = reasonAgainst(output, request);
                  settle(reason === undefined ? 'up' : verdictOn({ response: output, reason }));
                },
                error: (error: unknown) => settle(verdictOn({ error })),
                complete: () => settle('down'),
              }),
              takeWhile(isDelta, true),
            )
            .subscribe(subscriber);
        }),
    };
  };
};

const isOneOf =
  (...kinds: readonly (abstract new (...parts: never) => Error)[]) =>
  (error: unknown): boolean =>
    kinds.some((kind) => error instanceof kind);

const isItsOwnFault = isOneOf(AuthenticationError, InvalidRequestError, ResponseTooLargeError);
const wasNeverSent = isOneOf(QueueFullError, BudgetExceededError, CircuitOpenError, ReplayMissError);

const isDown: ShouldHandle = ({ error, reason }) => reason === undefined && !isItsOwnFault(error);

const ratio: Check = (value) =>
  typeof value === 'number' && value > 0 && value <= 1 ? undefined : 'a number above 0 up to 1';

const lengthMs: Check = (value) =>
  typeof value === 'number' && value > 0 && value <= MAX_DELAY_MS
    ? undefined
    : `a number of milliseconds above 0 up to ${MAX_DELAY_MS}`;

const checks: Readonly<Record<string, Check>> = {
  failureRatio: ratio,
  minimumCalls: wholeNumber(1),
  windowMs: lengthMs,
  breakMs: delayMs,
  shouldHandle: ofType('function'),
  onStateChange: ofType('function'),
};
