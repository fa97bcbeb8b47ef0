import type { Context } from '@opentelemetry/api';

/**
 * Returns a context that reads from the current one of several. The timer of a retry keeps the context of the attempt
 * that set it, but the next attempt, which that timer starts, belongs in its own context.
 */
export const followingContext = (current: () => Context): Context => ({
  getValue: (key) => current().getValue(key),
  setValue: (key, value) => current().setValue(key, value),
  deleteValue: (key) => current().deleteValue(key),
});
