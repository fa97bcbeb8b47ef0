import type { Context } from '@opentelemetry/api';

/**
 * A context that is always the current one of several: what a call began in its first attempt, such as the timer
 * of a retry, goes on in the next one, and is to be found there.
 */
export const followingContext = (current: () => Context): Context => ({
  getValue: (key) => current().getValue(key),
  setValue: (key, value) => current().setValue(key, value),
  deleteValue: (key) => current().deleteValue(key),
});
