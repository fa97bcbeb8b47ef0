import type { Observable } from 'rxjs';
import { ModelError } from './errors.ts';
import { readSafely, silence, strayOf } from './foreign.ts';
import type { Model, ModelDelta, ModelResponse } from './model.ts';
import type { ModelRequest } from './request.ts';

/**
 * Calls a model, which may be one of the caller's.
 *
 * @throws what its `call` throws, and ModelError if that returns no Observable, as an async function does.
 */
export const callModel = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> => {
  const output$ = model.call(request);
  if (typeof readSafely(output$, 'pipe') === 'function' && typeof output$.subscribe === 'function')
    return output$;
  silence(output$);
  const hint = strayOf(output$) === 'a promise' ? ': use defineModel for an async function' : '';
  throw new ModelError(model.id, `call(request) must return an Observable${hint}`);
};
