import { isObservable, Observable, Subscriber, type Unsubscribable } from 'rxjs';
import { type DirectCall, type Model, type ModelResponse, subscribing } from '../domain/model.ts';
import type { ModelRequest } from '../domain/request.ts';
import { faultsOf, nonEmpty, ofType, refuse } from '../options.ts';

/** What a model of one's own may say: a text, or a whole response. */
export type Said = string | ModelResponse;

/** What the function of {@link defineModel} gets besides the question. */
export interface AskContext {
  /** The whole request: system prompt and earlier turns included. */
  readonly request: ModelRequest;
  /** Aborts when the answer is no longer wanted. Made only when it is read. */
  readonly signal: AbortSignal;
}

/** A model of one's own, as a function of the question. */
export type Ask = (question: string, context: AskContext) => Said | PromiseLike<Said> | Observable<Said>;

const toResponse = (said: Said): ModelResponse => (typeof said === 'string' ? { text: said } : said);

const isPromise = (value: unknown): value is PromiseLike<Said> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Shared, since a reason made for each abort costs ten times as much, most of it for the stack. */
let noLongerWanted: DOMException | undefined;

/**
 * A model of one's own: a function that is given the question, and answers with a text or a response, a
 * promise of one, or an Observable whose first value is one. What it throws or rejects with makes the
 * call `failed`; it is never retried.
 *
 * Pass `context.signal` on to `fetch` and the like: it aborts when the election is over without this
 * answer, and at the timeout. What settles after that is ignored.
 *
 * @throws {ConfigError} for an empty id.
 *
 * @example
 * ```ts
 * const upper = defineModel('upper', (question) => question.toUpperCase());
 * const careful = defineModel('careful', async (question, { signal }) => {
 *   signal.throwIfAborted();
 *   return { text: question, confidence: 0.9 };
 * });
 * const { metadata } = await createEnsemble({ models: [upper, careful] }).predict('Hello');
 * metadata.votes; // => { hello: 2 }
 * ```
 */
export const defineModel = (id: string, ask: Ask): Model => {
  refuse(faultsOf('defineModel', { id, ask }, { id: nonEmpty, ask: ofType('function') }));
  const begin = (request: ModelRequest, subscriber: Subscriber<ModelResponse>): void => {
    const asking = new Asking(request, subscriber);
    subscriber.add(asking);
    asking.hear(ask(request.prompt, asking));
  };
  const call: DirectCall = (request) => new Observable((subscriber) => begin(request, subscriber));
  return { id, call: Object.assign(call, { [subscribing]: begin }) };
};

/**
 * One question: what the function is given besides it, and who hears what it says. A class, because a getter in a
 * literal would cost more than the rest of the call.
 */
class Asking implements AskContext, Unsubscribable {
  readonly request: ModelRequest;
  readonly #subscriber: Subscriber<ModelResponse>;
  #controller: AbortController | undefined;
  #isWanted = true;

  constructor(request: ModelRequest, subscriber: Subscriber<ModelResponse>) {
    this.request = request;
    this.#subscriber = subscriber;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    // It may be read for the first time after an await, when the election is over already.
    if (!this.#isWanted) this.#controller.abort(noLongerWanted);
    return this.#controller.signal;
  }

  hear(said: Said | PromiseLike<Said> | Observable<Said>): void {
    if (isObservable(said)) {
      // Added before it is subscribed, so that the first of many answers at once ends the others.
      const answers = new Subscriber<Said>({
        next: (answer) => this.#answer(answer),
        error: (error: unknown) => this.#fail(error),
        complete: () => this.#subscriber.complete(),
      });
      this.#subscriber.add(answers);
      said.subscribe(answers);
    } else if (isPromise(said)) {
      said.then(
        (answer) => this.#answer(answer),
        (error: unknown) => this.#fail(error),
      );
    } else this.#answer(said);
  }

  /** Nobody waits for an answer any more. */
  unsubscribe(): void {
    this.#isWanted = false;
    noLongerWanted ??= new DOMException('the answer is no longer wanted', 'AbortError');
    this.#controller?.abort(noLongerWanted);
  }

  #answer(said: Said): void {
    // There is an answer: nothing is left to abort.
    this.#controller = undefined;
    this.#subscriber.next(toResponse(said));
    this.#subscriber.complete();
  }

  #fail(error: unknown): void {
    this.#controller = undefined;
    this.#subscriber.error(error);
  }
}
