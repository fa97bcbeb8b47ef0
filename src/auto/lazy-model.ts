import { defer, switchMap } from 'rxjs';
import type { ModelIdentity } from '../domain/attempt.ts';
import type { Model } from '../domain/model.ts';

/** A model whose code is imported at its first call, once. Unsubscribing before that sends nothing. */
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
