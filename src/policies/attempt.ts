import type { Subscriber } from 'rxjs';
import type { ModelInput } from '../domain/attempt.ts';
import { callContained } from '../domain/contained-call.ts';
import type { Model, ModelDelta, ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';

/**
 * Calls the model for a subscriber and records the attempt, which errors when its time is over. If a listener unsubscribes
 * synchronously, no request is sent.
 *
 * @param sends what is sent, if that is more than what the call was made with.
 */
export const beginAttempt = (
  model: Model,
  request: ModelRequest,
  subscriber: Subscriber<ModelResponse | ModelDelta>,
  sends?: ModelInput,
): void => {
  try {
    const listener = attemptListener(request);
    listener?.attemptStarted(model, subscriber);
    if (sends !== undefined) listener?.attemptSends(sends);
  } catch (error) {
    subscriber.error(error);
  }
  if (!subscriber.closed) callContained(model, request, subscriber);
};
