import { type Observable, tap } from 'rxjs';
import type { Execution, FirstToken } from '../domain/execution.ts';
import type { Outcome } from '../domain/outcome.ts';
import { composeCall } from '../strategies/execution/compose-call.ts';

/** What happens to one call of an election, as its schedule sees it. */
export type CallEvent =
  | { readonly type: 'asked'; readonly index: number }
  | { readonly type: 'heard'; readonly index: number; readonly outcome: Outcome }
  | { readonly type: 'aborted'; readonly index: number };

/** The same execution, telling `note` when each call starts, is heard, and is aborted before it was heard. */
export const observeCalls = (execution: Execution, note: (event: CallEvent) => void): Execution => ({
  ...execution,
  schedule: (calls) =>
    execution.schedule(
      calls.map((call, index) => {
        let isHeard = false;
        const watch = <Said extends FirstToken | Outcome>(said$: Observable<Said>): Observable<Said> =>
          said$.pipe(
            tap({
              subscribe: () => note({ type: 'asked', index }),
              next: (said) => {
                if (said.status === 'writing') return;
                isHeard = true;
                note({ type: 'heard', index, outcome: said });
              },
              // A call that decides the election is unsubscribed while it is being heard.
              unsubscribe: () => {
                if (!isHeard) note({ type: 'aborted', index });
              },
            }),
          );
        const watchedCall = (source: typeof call): typeof call =>
          composeCall(watch(source), {
            model: source.model,
            withFirstToken: () => watch(source.withFirstToken$),
            extra: () => watchedCall(source.extra),
          });
        return watchedCall(call);
      }),
    ),
});
