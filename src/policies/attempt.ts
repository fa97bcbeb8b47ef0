import { Observable } from 'rxjs';
import { callContained } from '../domain/contained-call.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';

/**
 * Calls the model and records the attempt, which errors when its time is over. If a listener unsubscribes synchronously,
 * no request is sent.
 */
export const attempt = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => {
    attemptListener(request)?.attemptStarted(model, subscriber);
    if (!subscriber.closed) callContained(model, request, subscriber);
  });
