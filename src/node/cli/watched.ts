import { tap } from 'rxjs';
import type { Execution } from '../../execution.ts';
import type { Outcome } from '../../outcome.ts';

/** What happens to one call of an election, as its schedule sees it. */
export type CallEvent =
  | { readonly type: 'asked'; readonly index: number }
  | { readonly type: 'heard'; readonly index: number; readonly outcome: Outcome }
  | { readonly type: 'aborted'; readonly index: number };

/** The same execution, telling `note` when each call starts, is heard, and is aborted before it was heard. */
export const watched = (execution: Execution, note: (event: CallEvent) => void): Execution => ({
  ...execution,
  schedule: (calls) =>
    execution.schedule(
      calls.map((call, index) => {
        let isHeard = false;
        const watched$ = call.pipe(
          tap({
            subscribe: () => note({ type: 'asked', index }),
            next: (outcome) => {
              isHeard = true;
              note({ type: 'heard', index, outcome });
            },
            // A call that decides the election is unsubscribed while it is being heard.
            unsubscribe: () => {
              if (!isHeard) note({ type: 'aborted', index });
            },
          }),
        );
        return Object.assign(watched$, { model: call.model, firstToken$: call.firstToken$ });
      }),
    ),
});
