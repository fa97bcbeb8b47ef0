import { nameOf, runAside } from '../domain/foreign.ts';
import { ofType } from '../options.ts';
import type { EnsembleEvent } from './event.ts';
import { type EnsembleEvents, telemetryOf } from './telemetry.ts';

/** Options of functions that attach listeners. */
export interface ListenerOptions {
  /**
   * Receives the error that a listener threw or rejected with, after the listener was detached. Default: writes the
   * name of the error with `console.error`, without its message, which may quote an answer.
   */
  readonly onListenerError?: (error: unknown, event: EnsembleEvent) => void;
}

/** The check of {@link ListenerOptions}. */
export const listenerChecks = { onListenerError: ofType('function') };

const report = (error: unknown, { type }: EnsembleEvent): void => {
  // biome-ignore lint/suspicious/noConsole: the default; callers can pass onListenerError
  console.error(
    `crucible-ensemble: the listener of "${type}" failed with ${nameOf(error)} and was detached; handle its errors, or pass onListenerError`,
  );
};

/** Attaches a listener to an ensemble. If the listener throws or rejects, it is detached and its error is reported. */
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
    runAside(
      'onListenerError',
      () => onListenerError(error, event),
      (_fault, other) => report(other, event),
    );
  };
  const leave = telemetryOf(owner, ensemble).listen({
    next(event) {
      runAside(
        'listener',
        () => listener(event),
        (_fault, error) => fail(error, event),
      );
    },
  });
  return detach;
};
