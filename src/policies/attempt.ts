import { Observable } from 'rxjs';
import type { ModelInput } from '../domain/attempt.ts';
import { callContained } from '../domain/contained-call.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';

/**
 * Calls the model and records the attempt, which errors when its time is over. If a listener unsubscribes synchronously,
 * no request is sent.
 *
 * @param sends what is sent, if that is more than what the call was made with.
 */
export const attempt = (
  model: Model,
  request: ModelRequest,
  sends?: ModelInput,
): Observable<ModelResponse | ModelDelta> =>
  new Observable((subscriber) => {
    const listener = attemptListener(request);
    listener?.attemptStarted(model, subscriber);
    if (sends !== undefined) listener?.attemptSends(sends);
    if (!subscriber.closed) callContained(model, request, subscriber);
  });
