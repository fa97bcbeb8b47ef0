import { defer, map, type Observable, ReplaySubject, share, tap } from 'rxjs';

/**
 * Calls of which those with the same key, while one is out, are one: the first subscriber starts it, later
 * ones join it from its beginning, and it is aborted once the last has left.
 *
 * ```text
 * call      ^-------4|
 * first     ^-------4|
 * second       ^----(joined 4)|
 * ```
 *
 * @param joined what those who joined get in place of what the first one gets.
 */
export const sharedCalls = <Output>(
  joined: (output: Output) => Output,
): ((key: string, call$: Observable<Output>) => Observable<Output>) => {
  const out = new Map<string, Observable<Output>>();
  return (key, call$) =>
    defer(() => {
      const running$ = out.get(key);
      if (running$ !== undefined) return running$.pipe(map(joined));
      // Before its end is told, so that who asks again at that moment gets a call of its own.
      const leave = () => out.delete(key);
      const started$ = call$.pipe(
        tap({ error: leave, complete: leave, unsubscribe: leave }),
        share({ connector: () => new ReplaySubject<Output>() }),
      );
      out.set(key, started$);
      return started$;
    });
};
