import { setImmediate } from 'node:timers/promises';
import { isObservable } from 'rxjs';

/** The turns of the event loop after which a result counts as waiting, as for a model that never answers. */
const TURNS = 12;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const after = async <Value>(result: PromiseLike<Value>): Promise<Value | undefined> => {
  let isOver = false;
  const waiting = (async () => {
    for (let turn = 0; turn < TURNS && !isOver; turn += 1) await setImmediate();
    return undefined;
  })();
  try {
    return await Promise.race([result, waiting]);
  } finally {
    isOver = true;
  }
};

/** Uses a result as its receiver would: awaits it, subscribes to it, or begins to iterate it. Throws what it fails with. */
export const settled = async (result: unknown): Promise<void> => {
  if (result instanceof Promise) {
    await after(result);
  } else if (isObservable(result)) {
    let failed: { readonly error: unknown } | undefined;
    const subscription = result.subscribe({ error: (error: unknown) => (failed = { error }) });
    for (let turn = 0; turn < TURNS; turn += 1) await setImmediate();
    subscription.unsubscribe();
    if (failed !== undefined) throw failed.error;
  } else if (isObject(result) && Symbol.asyncIterator in result) {
    const iterator = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    await after(iterator.next());
    if (iterator.return !== undefined) await after(iterator.return());
  }
};
