import { asPromise } from './foreign.ts';
import { isPromise } from './is-promise.ts';

/**
 * Iterates over the items of a caller as `for await` does, which awaits items that are promises. A promise may have a `then`
 * of its own that is async and throws: it is a rejection as any other, and does not end the process.
 */
export const itemsOf = async function* <Item>(
  source: Iterable<Item | PromiseLike<Item>> | AsyncIterable<Item>,
): AsyncGenerator<Awaited<Item>, void> {
  if (Symbol.asyncIterator in source) {
    for await (const item of source) yield item;
    return;
  }
  for (const item of source) yield await (isPromise<Item>(item) ? asPromise(() => item) : item);
};
