/**
 * Models without a provider: functions, simulations and recordings, and models made of other models.
 */

import { isObservable, Observable, Subscriber, type Unsubscribable } from 'rxjs';
import { follow } from '../domain/foreign.ts';
import { isPromise } from '../domain/is-promise.ts';
import { type DirectCall, type Model, type ModelResponse, subscribing } from '../domain/model.ts';
import { aFunction, plainFaults } from '../domain/plain-faults.ts';
import { abortReasonOf, type ModelRequest } from '../domain/request.ts';
import { properName, refuse } from '../options.ts';

/** A text, or a whole response. */
type TextOrResponse = string | ModelResponse;

/** The second argument of a {@link ModelFunction}. */
export interface ModelFunctionContext {
  /** The whole request, with the system prompt and the earlier turns. */
  readonly request: ModelRequest;
  /** Aborts when the call is cancelled or times out, with an `AbortReason`. Created when it is first read. */
  readonly signal: AbortSignal;
}

/**
 * A model as a function of the question. Returns a text or a response, directly, in a promise or in an Observable. Of
 * an Observable, the first value counts.
 */
export type ModelFunction = (
  question: string,
  context: ModelFunctionContext,
) => string | ModelResponse | PromiseLike<string | ModelResponse> | Observable<string | ModelResponse>;

const toResponse = (answer: TextOrResponse): ModelResponse =>
  typeof answer === 'string' ? { text: answer } : answer;

/**
 * Creates a model from a function of the question. The function returns a text or a response, directly, in a promise or in
 * an Observable. Of an Observable, the first value counts. If the function throws or its result fails, the call is `failed`.
 * The model never retries.
 *
 * If a budget limits the output, the function must send the limit, `context.request.maxOutputTokens`, to its model. If the
 * model has its own limit, state it: `{ ...defineModel(id, ask), maxOutputTokens }`. A call that fails costs 0 if the
 * function throws a `RateLimitError`, `AuthenticationError` or `InvalidRequestError`, or the error of a connection that was
 * never opened; otherwise its cost is unknown. Throw a `ModelError` with `costUsd` if you know it.
 *
 * Pass `context.signal` on to `fetch` and the like: it aborts when the prediction no longer needs the answer, and at the
 * timeout. Later results are ignored.
 *
 * @throws {ConfigError} if the id is empty or `ask` is not a function.
 *
 * @example
 * ```ts
 * import { createEnsemble, defineModel } from 'crucible-ensemble';
 *
 * const upper = defineModel('upper', (question) => question.toUpperCase());
 * const careful = defineModel('careful', async (question, { signal }) => {
 *   signal.throwIfAborted();
 *   return { text: question, confidence: 0.9 };
 * });
 * const { metadata } = await createEnsemble({ models: [upper, careful] }).predict('Hello');
 * metadata.votes; // => { hello: 2 }
 * ```
 */
export const defineModel = (id: string, ask: ModelFunction): Model => {
  refuse(plainFaults('defineModel', { id, ask }, { id: properName, ask: aFunction('a function') }));
  const begin = (request: ModelRequest, subscriber: Subscriber<ModelResponse>): void => {
    const call = new FunctionCall(request, subscriber);
    subscriber.add(call);
    call.receive(ask(request.prompt, call));
  };
  const call: DirectCall = (request) => new Observable((subscriber) => begin(request, subscriber));
  return { id, call: Object.assign(call, { [subscribing]: begin }) };
};

/** Receives what a promise of a caller is fulfilled with. */
type Receive = (value: unknown) => void;

/**
 * One call in flight: the context of the function, and the subscriber of its answer. A class, because a getter in an
 * object literal would cost more than the rest of the call.
 */
class FunctionCall implements ModelFunctionContext, Unsubscribable {
  readonly request: ModelRequest;
  readonly #subscriber: Subscriber<ModelResponse>;
  #controller: AbortController | undefined;

  constructor(request: ModelRequest, subscriber: Subscriber<ModelResponse>) {
    this.request = request;
    this.#subscriber = subscriber;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    // The function may read the signal for the first time after an await, when the call is cancelled already.
    if (this.#subscriber.closed) this.#controller.abort(abortReasonOf(this.request));
    return this.#controller.signal;
  }

  receive(result: ReturnType<ModelFunction>): void {
    if (isObservable(result)) this.#observe(result);
    // Bound, because closures take 56 bytes more of each call.
    else if (isPromise(result)) follow(result, this.#answer.bind(this) as Receive, this.#fail.bind(this));
    else this.#answer(result);
  }

  #observe(result: Observable<TextOrResponse>): void {
    // Added before it is subscribed, so that the first of several synchronous answers ends the others.
    const answers = new Subscriber<TextOrResponse>({
      next: (answer) => this.#answer(answer),
      error: (error: unknown) => this.#fail(error),
      complete: () => this.#subscriber.complete(),
    });
    this.#subscriber.add(answers);
    result.subscribe(answers);
  }

  unsubscribe(): void {
    this.#controller?.abort(abortReasonOf(this.request));
  }

  #answer(answer: TextOrResponse): void {
    // The call has ended, so that its signal must not abort any more.
    this.#controller = undefined;
    try {
      this.#subscriber.next(toResponse(answer));
      this.#subscriber.complete();
    } catch (error) {
      this.#subscriber.error(error);
    }
  }

  #fail(error: unknown): void {
    this.#controller = undefined;
    this.#subscriber.error(error);
  }
}
