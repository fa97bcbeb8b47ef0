import { map, NEVER, type Observable, timer } from 'rxjs';

/** Emits what `work` returns, or errors with what it throws, after a time limit; never if that is `Infinity`. */
export const whenOver = <Value>(limitMs: number, work: () => Value): Observable<Value> =>
  limitMs === Number.POSITIVE_INFINITY ? NEVER : timer(limitMs).pipe(map(work));
