import { Observable, Subscriber } from 'rxjs';
import { subscribeModel } from './call-model.ts';
import { readableError } from './errors.ts';
import {
  type DirectCall,
  isContained,
  type Model,
  type ModelDelta,
  type ModelResponse,
  subscribing,
} from './model.ts';
import { readableOutput } from './readable-output.ts';
import { type ModelRequest, warnOf } from './request.ts';
import { tornDown } from './teardown.ts';

/**
 * The one entrance of a model's output into the policies and models around it. None of them reads a foreign value, and
 * nothing that one of them throws reaches the model.
 *
 * A value that cannot be read is a `MalformedResponseError`, and an error that cannot be read a plain `ModelError`. If the
 * teardown of the model throws, the outcome has a warning, and the subscriber continues: a retry is made, and a slot becomes
 * free.
 */
class ContainedCall extends Subscriber<ModelResponse | ModelDelta> {
  readonly #model: Model;
  readonly #request: ModelRequest;

  constructor(model: Model, request: ModelRequest, destination: Subscriber<ModelResponse | ModelDelta>) {
    super(destination);
    this.#model = model;
    this.#request = request;
  }

  override next(output: ModelResponse | ModelDelta): void {
    if (this.isStopped) return;
    try {
      super.next(readableOutput(this.#model.id, output));
    } catch (error) {
      if (this.isStopped) warnOf(this.#request, tornDown(error));
      else this.error(error);
    }
  }

  override error(error: unknown): void {
    if (this.isStopped) return;
    try {
      super.error(readableError(this.#model.id, error));
    } catch (fault) {
      warnOf(this.#request, tornDown(fault));
    }
  }

  override complete(): void {
    try {
      super.complete();
    } catch (error) {
      warnOf(this.#request, tornDown(error));
    }
  }

  override unsubscribe(): void {
    try {
      super.unsubscribe();
    } catch (error) {
      warnOf(this.#request, tornDown(error));
    }
  }
}

/** Calls a model for a subscriber, which receives nothing that cannot be read, and no error of a teardown. */
export const callContained = (
  model: Model,
  request: ModelRequest,
  subscriber: Subscriber<ModelResponse | ModelDelta>,
): void => {
  const direct = model.call as DirectCall;
  if (direct[isContained] === true && direct[subscribing] !== undefined) {
    try {
      direct[subscribing](request, subscriber);
    } catch (error) {
      subscriber.error(error);
    }
    return;
  }
  const call = new ContainedCall(model, request, subscriber);
  try {
    subscribeModel(model, request, call);
  } catch (error) {
    // A model that answers at once is torn down while it is subscribed.
    if (call.closed) warnOf(request, tornDown(error));
    else call.error(error);
  }
};

/**
 * Returns a `call` of a policy, all of whose calls of models are contained: what is around it subscribes without an
 * Observable, and need not contain it again.
 */
export const containedCall = (begin: NonNullable<DirectCall[typeof subscribing]>): DirectCall =>
  Object.assign(
    (request: ModelRequest) =>
      new Observable<ModelResponse | ModelDelta>((subscriber) => begin(request, subscriber)),
    { [subscribing]: begin, [isContained]: true },
  );

/** The same as `model.call(request)`, contained. */
export const contained = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => callContained(model, request, subscriber));
