import type { CallResult } from '../domain/call-result.ts';

/** Decides whether a policy acts on the result of a call. Receives errors, and responses that do not count. */
export type ShouldHandle = (result: CallResult) => boolean;

/** Applies `shouldHandle`; if it throws, `byDefault` decides. */
export const deciding =
  (shouldHandle: ShouldHandle, byDefault: ShouldHandle): ShouldHandle =>
  (result) => {
    try {
      return shouldHandle(result);
    } catch {
      return byDefault(result);
    }
  };
