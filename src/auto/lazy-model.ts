import { defer, switchMap } from 'rxjs';
import type { ModelIdentity } from '../domain/attempt.ts';
import type { Model } from '../domain/model.ts';

/** Creates a model from code that is imported at the first call, once. If the caller unsubscribes before that, nothing is sent. */
export const lazyModel = (known: Required<ModelIdentity>, load: () => Promise<Model>): Model => {
  let loading: Promise<Model> | undefined;
  const loadOnce = (): Promise<Model> => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return { ...known, call: (request) => defer(loadOnce).pipe(switchMap((model) => model.call(request))) };
};
