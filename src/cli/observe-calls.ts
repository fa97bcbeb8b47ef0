import { type Observable, tap } from 'rxjs';
import type { Execution, FirstToken } from '../domain/execution.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type CompleteCall, completeCall, composeCall } from '../strategies/execution/compose-call.ts';

/** An event of one call, as the execution sees it. */
export type CallEvent =
  | { readonly type: 'started'; readonly index: number }
  | { readonly type: 'settled'; readonly index: number; readonly outcome: Outcome }
  | { readonly type: 'cancelled'; readonly index: number };

/** Returns the same execution, which notifies `listener` when a call starts, settles, or is cancelled before it settles. */
export const observeCalls = (execution: Execution, listener: (event: CallEvent) => void): Execution => ({
  ...execution,
  schedule: (calls) =>
    execution.schedule(
      calls.map((call, index) => {
        let isSettled = false;
        const observe = <Value extends FirstToken | Outcome>(source$: Observable<Value>): Observable<Value> =>
          source$.pipe(
            tap({
              subscribe: () => listener({ type: 'started', index }),
              next: (value) => {
                if (value.status === 'writing') return;
                isSettled = true;
                listener({ type: 'settled', index, outcome: value });
              },
              // A call that decides the vote is unsubscribed while its outcome is being emitted.
              unsubscribe: () => {
                if (!isSettled) listener({ type: 'cancelled', index });
              },
            }),
          );
        const observeCall = <Answer>(source: CompleteCall<Answer>): CompleteCall<Answer> =>
          composeCall(observe(source), {
            model: source.model,
            withFirstToken: () => observe(source.withFirstToken$),
            extra: () => observeCall(source.extra),
          });
        return observeCall(completeCall(call, index));
      }),
    ),
});
