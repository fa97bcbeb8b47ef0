import { Subscriber } from 'rxjs';
import type { CallResult } from '../domain/call-result.ts';
import { callContained, containedCall } from '../domain/contained-call.ts';
import {
  AuthenticationError,
  BudgetExceededError,
  CircuitOpenError,
  InvalidRequestError,
  QueueFullError,
  ReplayMissError,
  ResponseTooLargeError,
} from '../domain/errors.ts';
import { isA, runAside } from '../domain/foreign.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import {
  accepting,
  aModel,
  checked,
  delayMs,
  durationMs,
  ofType,
  suchThat,
  wholeNumber,
} from '../options.ts';
import { type CircuitState, createCircuit, type Verdict } from './circuit.ts';
import { JudgedCall, type Look } from './pass-over.ts';
import { deciding, type ShouldHandle } from './should-handle.ts';

/** A change of the state of a circuit. */
export interface CircuitChange {
  /** The id of the model. */
  readonly model: string;
  readonly state: CircuitState;
  readonly previous: CircuitState;
}

/** When a circuit opens, and for how long. */
export interface CircuitBreakerOptions {
  /** The ratio of failed calls at which the circuit opens, above 0 up to 1. Default 0.5. */
  readonly failureRatio?: number | undefined;
  /** The circuit stays closed while the window has fewer calls. From 1; default 10. */
  readonly minimumCalls?: number | undefined;
  /** The length of the window in which calls count, in milliseconds above 0. Default 30,000. */
  readonly windowMs?: number | undefined;
  /** How long an open circuit refuses all calls, in milliseconds. Default 10,000. */
  readonly breakMs?: number | undefined;
  /**
   * Whether this result is a failure of the model: an error, or a response that does not count. If it throws or returns
   * no boolean, the default decides, with a warning. Default: see {@link circuitBreaker}.
   */
  readonly shouldHandle?: ShouldHandle | undefined;
  /** Called at every change of state. Default: no listener. */
  readonly onStateChange?: ((change: CircuitChange) => void) | undefined;
}

/**
 * A policy that stops calling a model after too many failures, and tries it again later with one call, the probe. Each
 * model has its own circuit, which keeps its state as long as the model exists.
 *
 * ```text
 * call   ^--x ^--x ^--x  ^!  ^!      ^--4    ^--4
 * state  closed       open           half-open, closed
 *                     |-- breakMs ---|
 * ```
 *
 * While the circuit is open, a call fails at once with `CircuitOpenError`; it sends and costs nothing. `retry` does not
 * wait for the circuit; `fallback` asks the next model.
 *
 * By default, all errors are failures except those that the request itself causes: `AuthenticationError`,
 * `InvalidRequestError` and `ResponseTooLargeError`. A call that ends without a response, or at the `timeoutMs` of the
 * ensemble, is a failure too. A response is a success, even if it does not count in the vote. Calls that were not sent
 * (`QueueFullError`, `BudgetExceededError`, `ReplayMissError`) and cancelled calls are neither. If the probe is cancelled, the next call is the probe.
 *
 * @throws {ConfigError} for options out of range.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
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
  const {
    onStateChange,
    shouldHandle: given,
    ...limits
  } = checked('circuitBreaker', options, {
    failureRatio: [ratio, 0.5],
    minimumCalls: [wholeNumber(1), 10],
    windowMs: [durationMs, 30_000],
    breakMs: [delayMs, 10_000],
    shouldHandle: [ofType('function'), isDown],
    onStateChange: ofType('function'),
  });
  const shouldHandle = deciding('circuitBreaker', given, isDown);
  const verdictOn = (result: CallResult, request: ModelRequest): Verdict => {
    if (wasNeverSent(result.error)) return 'nothing';
    return shouldHandle(result, request) ? 'down' : 'up';
  };
  return accepting('circuitBreaker', aModel, (model) => {
    const enter = createCircuit(limits, (state, previous) => {
      if (onStateChange !== undefined)
        runAside('onStateChange of circuitBreaker', () =>
          onStateChange({ model: model.id, state, previous }),
        );
    });
    return {
      ...model,
      call: containedCall((request, subscriber) => {
        const settle = enter();
        if (typeof settle !== 'function') {
          subscriber.error(new CircuitOpenError(model.id, settle.retryAfterMs));
          return;
        }
        // Runs at once if the listener has cancelled the call.
        subscriber.add(() => settle(attemptListener(request)?.hasExpired === true ? 'down' : 'nothing'));
        if (subscriber.closed) return;
        const watched = new Subscriber<ModelResponse | ModelDelta>({
          next: (output) => subscriber.next(output),
          error(error: unknown) {
            settle(verdictOn({ error }, request));
            subscriber.error(error);
          },
          complete() {
            settle('down');
            subscriber.complete();
          },
        });
        subscriber.add(watched);
        const look: Look = (response, reason) =>
          settle(reason === undefined ? 'up' : verdictOn({ response, reason }, request));
        callContained(model, request, new JudgedCall(watched, request, look));
      }),
    };
  });
};

const isOneOf =
  (...kinds: readonly (abstract new (...parts: never) => Error)[]) =>
  (error: unknown): boolean =>
    kinds.some((kind) => isA(error, kind));

const isFaultOfRequest = isOneOf(AuthenticationError, InvalidRequestError, ResponseTooLargeError);
const wasNeverSent = isOneOf(QueueFullError, BudgetExceededError, CircuitOpenError, ReplayMissError);

const isDown: ShouldHandle = ({ error, reason }) => reason === undefined && !isFaultOfRequest(error);

const ratio = suchThat(
  'a number above 0 up to 1',
  (value) => typeof value === 'number' && value > 0 && value <= 1,
);
