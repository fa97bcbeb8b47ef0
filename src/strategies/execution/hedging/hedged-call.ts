import { defer, filter, merge, mergeMap, type Observable, takeWhile, tap } from 'rxjs';
import type { Call } from '../../../domain/execution.ts';
import { composeCall } from '../compose-call.ts';
import type { HedgePolicy, Said } from './hedge-policy.ts';
import { isOutcome } from './stagger.ts';

/** How many hedges are left to whoever shares it. */
export interface Allowance {
  hedges: number;
}

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
      let out = 0;
      let isWritten = false;
      policy.enter();
      const attempt = (made: Call<Answer>): Observable<Said<Answer>> => {
        let isSettled = false;
        const isLate = () => !isSettled && !(isWritten && policy.on === 'firstToken') && allowance.hedges > 0;
        out += 1;
        return merge(
          policy.watch(made, wantsFirstToken).pipe(
            filter(({ status }) => status !== 'writing' || !isWritten),
            tap(({ status }) => {
              if (status === 'writing') isWritten = true;
              else {
                isSettled = true;
                out -= 1;
              }
            }),
          ),
          policy.late(call.model.id, isLate).pipe(
            mergeMap(() => {
              allowance.hedges -= 1;
              return attempt(call.extra);
            }),
          ),
        );
      };
      return attempt(call).pipe(
        filter(({ status }) => status === 'writing' || status === 'answered' || out === 0),
        takeWhile(({ status }) => status === 'writing', true),
      );
    });
  return composeCall(held(false).pipe(filter(isOutcome)), {
    model: call.model,
    withFirstToken: () => held(true),
    // All that it makes is extra then.
    extra: () => hedgedCall(call.extra, policy, makeAllowance),
  });
};
