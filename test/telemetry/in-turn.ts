import { catchError, defer, mergeMap, tap, timer } from 'rxjs';
import type { Model } from '../../src/index.ts';
import { attemptListener } from '../../src/policies/policies.ts';

/** A model that makes one attempt after another, so many milliseconds apart, and tells of them as a policy does. */
export const inTurn = (waitMs: number, ...[first, ...more]: readonly [Model, ...Model[]]): Model => ({
  id: first.id,
  call: (request) => {
    const attempt$ = (model: Model, later: readonly Model[]): ReturnType<Model['call']> =>
      defer(() => model.call(request)).pipe(
        catchError((error: unknown) => {
          const [next, ...rest] = later;
          if (next === undefined) throw error;
          attemptListener(request)?.attemptFailed({ error, nextInMs: waitMs });
          return timer(waitMs).pipe(
            tap(() => attemptListener(request)?.attemptStarted(next)),
            mergeMap(() => attempt$(next, rest)),
          );
        }),
      );
    return attempt$(first, more);
  },
});
