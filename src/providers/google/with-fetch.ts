/**
 * Calls a function with another global `fetch`, for an SDK that accepts none. The SDK reads the global one at once, before
 * it first waits. The other one is gone when the function returns, so that no other code sees it.
 *
 * @throws {TypeError} if the global `fetch` cannot be replaced. Nothing has been called then.
 */
export const withFetch = <Result>(replacement: typeof fetch, call: () => Result): Result => {
  const original = globalThis.fetch;
  try {
    globalThis.fetch = replacement;
    if (globalThis.fetch !== replacement) throw new TypeError('the global fetch cannot be replaced');
    return call();
  } finally {
    if (globalThis.fetch !== original) globalThis.fetch = original;
  }
};

/** Whether the global `fetch` can be replaced. Some runtimes freeze it. */
export const isFetchReplaceable = (): boolean => {
  try {
    return (
      typeof globalThis.fetch === 'function' &&
      withFetch(
        async () => new Response(),
        () => true,
      )
    );
  } catch {
    return false;
  }
};
