import { isPromise } from '../domain/is-promise.ts';
import { ofType } from '../options.ts';
import type { EnsembleEvent } from './event.ts';
import { type EnsembleEvents, telemetryOf } from './telemetry.ts';

/** Options of those who listen. */
export interface ListenerOptions {
  /**
   * Told of what a listener threw, or rejected with, after it was detached. Default: its name is written with
   * `console.error`, and nothing else of it, since it may quote an answer.
   */
  readonly onListenerError?: (error: unknown, event: EnsembleEvent) => void;
}

/** The check of {@link ListenerOptions}. */
export const listenerChecks = { onListenerError: ofType('function') };

const report = (error: unknown, { type }: EnsembleEvent): void => {
  const name = error instanceof Error ? error.name : 'a value that is no error';
  // biome-ignore lint/suspicious/noConsole: a caller who wants it elsewhere passes onListenerError
  console.error(`crucible-ensemble: a listener failed at "${type}" with ${name}, and is detached`);
};

/** Listens to an ensemble until it is detached, or fails: then it is detached, and what it threw is reported. */
export const listenGuarded = (
  owner: string,
  ensemble: EnsembleEvents,
  listener: (event: EnsembleEvent) => unknown,
  { onListenerError = report }: ListenerOptions = {},
): (() => void) => {
  let isAttached = true;
  const detach = (): void => {
    isAttached = false;
    leave();
  };
  const fail = (error: unknown, event: EnsembleEvent): void => {
    if (!isAttached) return;
    detach();
    try {
      onListenerError(error, event);
    } catch (other) {
      report(other, event);
    }
  };
  const leave = telemetryOf(owner, ensemble).listen({
    next(event) {
      try {
        const result = listener(event);
        if (isPromise(result)) result.then(undefined, (error: unknown) => fail(error, event));
      } catch (error) {
        fail(error, event);
      }
    },
  });
  return detach;
};
