import type { CallResult } from '../domain/call-result.ts';
import { isPromise } from '../domain/is-promise.ts';

/** Decides whether a policy acts on the result of a call. Receives errors, and responses that do not count. */
export type ShouldHandle = (result: CallResult) => boolean;

/** Applies `shouldHandle`; if it throws or returns a promise, `byDefault` decides. A promise would always be true. */
export const deciding =
  (shouldHandle: ShouldHandle, byDefault: ShouldHandle): ShouldHandle =>
  (result) => {
    try {
      const decision: unknown = shouldHandle(result);
      if (!isPromise(decision)) return Boolean(decision);
      decision.then(undefined, () => {
        // It was not asked for, so that nothing depends on it.
      });
    } catch {
      // Falls through to the default.
    }
    return byDefault(result);
  };
