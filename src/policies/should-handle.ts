import type { CallResult } from '../domain/call-result.ts';
import { guarding } from '../domain/foreign.ts';
import { type ModelRequest, warnOf } from '../domain/request.ts';
import { trueOrFalse } from '../options.ts';

/** Decides whether a policy acts on the result of a call. Receives errors, and responses that do not count. */
export type ShouldHandle = (result: CallResult) => boolean;

/** A {@link ShouldHandle} of a policy that has been guarded. The request tells where its faults are reported. */
export type Decide = (result: CallResult, request: ModelRequest) => boolean;

/**
 * Applies `shouldHandle` of a policy. If it throws, or returns anything but a boolean, `byDefault` decides, and the
 * prediction has a warning. A promise would always be true.
 */
export const deciding =
  (policy: string, shouldHandle: ShouldHandle, byDefault: ShouldHandle): Decide =>
  (result, request) =>
    guarding(
      () => shouldHandle(result),
      (fault) => {
        warnOf(request, `shouldHandle of ${policy} ${fault}: its default decides`);
        return byDefault(result);
      },
      trueOrFalse,
    );
