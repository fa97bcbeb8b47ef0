import { Observable, type Subscriber } from 'rxjs';
import { callModel } from '../domain/call-model.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest, warnOf } from '../domain/request.ts';
import { ContainedSubscriber, tornDown } from '../domain/teardown.ts';

/** Calls the model and records the attempt. If a listener unsubscribes synchronously, no request is sent. */
export const attempt = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => {
    attemptListener(request)?.attemptStarted(model);
    if (!subscriber.closed) callContained(model, request, subscriber);
  });

/** The same as `model.call(request)`, of which no teardown throws. */
export const contained = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => callContained(model, request, subscriber));

/**
 * Calls a model for a subscriber. If the teardown of the model throws, the outcome has a warning, and the subscriber goes
 * on: a retry is made, and a slot becomes free.
 */
export const callContained = (
  model: Model,
  request: ModelRequest,
  subscriber: Subscriber<ModelResponse | ModelDelta>,
): void => {
  const contained = new ContainedSubscriber(subscriber, (warning) => warnOf(request, warning));
  try {
    callModel(model, request).subscribe(contained);
  } catch (error) {
    // A model that answers at once is torn down while it is subscribed.
    if (contained.closed) warnOf(request, tornDown(error));
    else subscriber.error(error);
  }
};
