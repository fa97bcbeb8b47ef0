import { isObservable, Observable } from 'rxjs';
import { follow, readSafely } from './foreign.ts';

/**
 * The result of a function of a caller, which may return a value, a promise or an Observable. Runs it when it is subscribed.
 * Emits what an Observable emits, and otherwise one value; what the function throws is an error.
 */
export const observed = (run: () => unknown): Observable<unknown> =>
  new Observable((subscriber) => {
    const result = run();
    const settle = (value: unknown): void => {
      subscriber.next(value);
      subscriber.complete();
    };
    if (isObservable(result)) subscriber.add(result.subscribe(subscriber));
    else if (typeof readSafely(result, 'then') === 'function')
      follow(result, settle, (error) => subscriber.error(error));
    else settle(result);
  });
