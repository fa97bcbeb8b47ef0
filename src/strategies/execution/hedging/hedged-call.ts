import { defer, filter, merge, mergeMap, type Observable, takeWhile, tap } from 'rxjs';
import { type CompleteCall, composeCall } from '../compose-call.ts';
import type { CallStep, HedgePolicy } from './hedge-policy.ts';
import { isOutcome } from './stagger.ts';

/** The hedges that are left to the calls that share it. */
export interface Allowance {
  hedges: number;
}

/**
 * A call that is repeated while it is late, within its allowance. Its one outcome is the first answer, which cancels the
 * other attempts, or the outcome of the last attempt. A failure is not repeated.
 *
 * ```text
 * call       ^----------!
 * hedge      -----^---4|
 * outcome    ---------(4|)
 * ```
 */
export const hedgedCall = <Answer>(
  call: CompleteCall<Answer>,
  policy: HedgePolicy,
  makeAllowance: () => Allowance,
): CompleteCall<Answer> => {
  const steps = (wantsFirstToken: boolean): Observable<CallStep<Answer>> =>
    defer(() => {
      const allowance = makeAllowance();
      let inFlight = 0;
      let isWritten = false;
      policy.countCall();
      const attempt = (made: CompleteCall<Answer>): Observable<CallStep<Answer>> => {
        let isSettled = false;
        const isLate = () => !isSettled && !(isWritten && policy.on === 'firstToken') && allowance.hedges > 0;
        inFlight += 1;
        return merge(
          policy.watch(made, wantsFirstToken).pipe(
            filter(({ status }) => status !== 'writing' || !isWritten),
            tap(({ status }) => {
              if (status === 'writing') isWritten = true;
              else {
                isSettled = true;
                inFlight -= 1;
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
        filter(({ status }) => status === 'writing' || status === 'answered' || inFlight === 0),
        takeWhile(({ status }) => status === 'writing', true),
      );
    });
  return composeCall(steps(false).pipe(filter(isOutcome)), {
    model: call.model,
    withFirstToken: () => steps(true),
    extra: () => hedgedCall(call.extra, policy, makeAllowance),
  });
};
