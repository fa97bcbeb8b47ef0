import { Subscriber } from 'rxjs';
import { UnusableResponseError } from '../domain/errors.ts';
import { isA } from '../domain/foreign.ts';
import { isPromise } from '../domain/is-promise.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { reasonAgainst } from '../domain/reason-against.ts';
import type { ModelRequest } from '../domain/request.ts';
import type { Decide } from './should-handle.ts';

/** The subscriber of what a model emits. */
export type OutputSubscriber = Subscriber<ModelResponse | ModelDelta>;

/** Receives each response and the reason why it does not count. What it throws ends the call. */
export type Look = (response: ModelResponse, reason: string | undefined) => void;

/**
 * Hands a response and the reason why it does not count to `look`, before the response continues. Waits for a check that is
 * asynchronous. A call ends with its first response. Deltas pass through.
 *
 * A Subscriber rather than an operator: as `concatMap`, it took as long as the rest of a policy, and twice that for a
 * stream.
 */
export class JudgedCall extends Subscriber<ModelResponse | ModelDelta> {
  readonly #subscriber: OutputSubscriber;
  readonly #request: ModelRequest;
  readonly #look: Look;
  #isJudging = false;

  constructor(subscriber: OutputSubscriber, request: ModelRequest, look: Look) {
    super(subscriber);
    this.#subscriber = subscriber;
    this.#request = request;
    this.#look = look;
  }

  protected override _next(output: ModelResponse | ModelDelta): void {
    if (this.#isJudging) return;
    if (isDelta(output)) {
      this.#subscriber.next(output);
      return;
    }
    try {
      const reason = reasonAgainst(output, this.#request);
      if (!isPromise(reason)) {
        this.#pass(output, reason);
        return;
      }
      this.#isJudging = true;
      reason.then(
        (found) => this.#pass(output, found),
        (error: unknown) => {
          if (!this.closed) this._error(error);
        },
      );
    } catch (error) {
      this._error(error);
    }
  }

  protected override _complete(): void {
    if (!this.#isJudging) super._complete();
  }

  #pass(response: ModelResponse, reason: string | undefined): void {
    if (this.closed) return;
    try {
      this.#look(response, reason);
    } catch (error) {
      this._error(error);
      return;
    }
    this.isStopped = true;
    this.#subscriber.next(response);
    this.#subscriber.complete();
    this.unsubscribe();
  }
}

/** Throws an `UnusableResponseError` for a response that does not count, if `shouldHandle` accepts it. */
export const passOver =
  ({ id }: Model, request: ModelRequest, shouldHandle: Decide): Look =>
  (response, reason) => {
    if (reason !== undefined && shouldHandle({ response, reason }, request))
      throw new UnusableResponseError(id, reason, response);
  };

/** Ends a call with the result that it would have without a policy: the response that was passed over, or the error. */
export const endUnhandled = (error: unknown, subscriber: OutputSubscriber): void => {
  if (isA(error, UnusableResponseError)) {
    subscriber.next(error.response);
    subscriber.complete();
  } else subscriber.error(error);
};
