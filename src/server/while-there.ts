import { asPromise } from '../domain/foreign.ts';
import { whenAborted } from '../engine/abort-with.ts';

/**
 * Runs a function of the owner of the server, which may be async, for as long as the client is there.
 *
 * @throws {CancelledError} if the signal aborts before: the function may never return.
 */
export const whileThere = <Value>(
  signal: AbortSignal,
  run: () => Value | PromiseLike<Value>,
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const stop = whenAborted(signal, reject);
    asPromise(run).then(resolve, reject).finally(stop);
  });
