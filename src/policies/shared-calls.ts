import { defer, map, type Observable, ReplaySubject, share, tap } from 'rxjs';

/**
 * Deduplicates calls in flight by key. The first subscriber starts the call; later subscribers replay it from its
 * beginning. It is aborted when the last one unsubscribes.
 *
 * ```text
 * call      ^-------4|
 * first     ^-------4|
 * second       ^----(joined 4)|
 * ```
 *
 * @param joined maps each value for the subscribers that joined.
 */
export const sharedCalls = <Output>(
  joined: (output: Output) => Output,
): ((key: string, call$: Observable<Output>) => Observable<Output>) => {
  const inFlight = new Map<string, Observable<Output>>();
  return (key, call$) =>
    defer(() => {
      const running$ = inFlight.get(key);
      if (running$ !== undefined) return running$.pipe(map(joined));
      // Runs before the subscribers are notified: one that asks again at that moment gets a new call.
      const leave = () => inFlight.delete(key);
      const started$ = call$.pipe(
        tap({ error: leave, complete: leave, unsubscribe: leave }),
        share({ connector: () => new ReplaySubject<Output>() }),
      );
      inFlight.set(key, started$);
      return started$;
    });
};
