import { Observable } from 'rxjs';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';

/**
 * An attempt at a model, entered in the account of its call as it begins. Whoever is told of that may give the call
 * up, and then nothing is sent.
 */
export const attempt = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => {
    attemptListener(request)?.attemptStarted(model);
    if (!subscriber.closed) model.call(request).subscribe(subscriber);
  });
