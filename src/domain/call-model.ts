import type { Observable, Subscriber, Unsubscribable } from 'rxjs';
import { ModelError } from './errors.ts';
import { readSafely, silence, strayOf } from './foreign.ts';
import type { Model, ModelDelta, ModelResponse } from './model.ts';
import type { ModelRequest } from './request.ts';

/**
 * Calls a model, which may be one of the caller's.
 *
 * @throws what its `call` throws, and ModelError if that returns no Observable, as an async function does.
 */
const callModel = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> => {
  const output$ = model.call(request);
  if (typeof readSafely(output$, 'pipe') === 'function' && typeof output$.subscribe === 'function')
    return output$;
  silence(output$);
  const hint = strayOf(output$) === 'a promise' ? ': use defineModel for an async function' : '';
  throw new ModelError(model.id, `call(request) must return an Observable${hint}`);
};

/**
 * Calls a model for a subscriber. Its Observable may be foreign: one of another copy of RxJS, or one whose `subscribe` is
 * async.
 *
 * @throws what `call` and `subscribe` throw, and ModelError if `call` returns no Observable.
 */
export const subscribeModel = (
  model: Model,
  request: ModelRequest,
  subscriber: Subscriber<ModelResponse | ModelDelta>,
): void => {
  const subscription: unknown = callModel(model, request).subscribe(subscriber);
  if (subscription === subscriber) return;
  silence(subscription, (error) => subscriber.error(error));
  if (typeof readSafely(subscription, 'unsubscribe') === 'function')
    subscriber.add(subscription as Unsubscribable);
};
