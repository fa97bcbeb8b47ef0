import {
  connect,
  defer,
  EMPTY,
  filter,
  merge,
  mergeMap,
  NEVER,
  type Observable,
  take,
  takeLast,
  takeUntil,
  takeWhile,
} from 'rxjs';
import type { Call, FirstToken } from '../../../execution.ts';
import type { HedgePolicy, Said } from './hedge-policy.ts';
import { isOutcome } from './stagger.ts';

/** How many hedges are left to whoever shares it. */
export interface Allowance {
  hedges: number;
}

const isFirstToken = (said: Said): said is FirstToken => said.status === 'writing';

/**
 * A call that is made again while it is late, as often as is allowed. It has one outcome for all of
 * them: the first answer, which cancels the others, or what the last one came to. A failure is not repeated.
 *
 * ```text
 * call       ^----------!
 * hedge      -----^---4|
 * outcome    ---------(4|)
 * ```
 */
export const hedgedCall = <Answer>(
  call: Call<Answer>,
  policy: HedgePolicy,
  makeAllowance: () => Allowance,
): Call<Answer> => {
  const held = (wantsFirstToken: boolean): Observable<Said<Answer>> =>
    defer(() => {
      const allowance = makeAllowance();
      policy.enter();
      const attempt = (written$: Observable<unknown>): Observable<Said<Answer>> =>
        policy.watch(call, wantsFirstToken).pipe(
          connect((said$) => {
            // Heard of any of them: it is no longer late.
            const heard$ =
              policy.on === 'firstToken' ? merge(written$, said$.pipe(filter(isFirstToken))) : NEVER;
            const hedge$ = policy
              .late(call.model.id, () => allowance.hedges > 0)
              .pipe(
                takeUntil(merge(heard$, said$.pipe(filter(isOutcome)))),
                mergeMap(() => {
                  allowance.hedges -= 1;
                  return attempt(heard$);
                }),
              );
            return merge(said$, hedge$);
          }),
        );
      return attempt(EMPTY).pipe(
        takeWhile(({ status }) => status !== 'answered', true),
        connect((said$) =>
          merge(said$.pipe(filter(isFirstToken), take(1)), said$.pipe(filter(isOutcome), takeLast(1))),
        ),
      );
    });
  return Object.assign(held(false).pipe(filter(isOutcome)), {
    model: call.model,
    withFirstToken$: held(true),
  });
};
