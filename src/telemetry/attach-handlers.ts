import { type Check, faultsOf, ofType, reading, refuse } from '../options.ts';
import type { EnsembleEvent, EventOf } from './event.ts';
import { type ListenerOptions, listenerChecks, listenGuarded } from './listen-guarded.ts';
import type { EnsembleEvents } from './telemetry.ts';

/** A function for each type of event. Results are ignored, except for promises that reject. */
export type EventHandlers = {
  readonly [Type in EnsembleEvent['type']]?: (event: EventOf<Type>) => unknown;
};

const isHandler = ofType('function');

const handlerChecks: Readonly<Record<EnsembleEvent['type'], Check>> = {
  'predict:start': isHandler,
  'predict:stop': isHandler,
  'predict:exception': isHandler,
  'predict:cancel': isHandler,
  'model:start': isHandler,
  'model:stop': isHandler,
  'model:exception': isHandler,
  'model:cancel': isHandler,
  'vote:complete': isHandler,
  'consensus:reached': isHandler,
  'consensus:failed': isHandler,
};

/**
 * Calls functions on the events of an ensemble, from its next prediction on. Returns a function that detaches them.
 *
 * ```text
 * predict$   ^-----------(p|)
 * a          ^---4|
 * b          ^-------x
 * handlers   sm  M   X   vcS      predict:start, model:start …, model:stop, model:exception, vote:complete, …
 * ```
 *
 * Handlers run synchronously and delay the prediction by the time they take. They cannot break it: if one throws, or
 * returns a promise that rejects, all handlers of this call are detached and `onListenerError` receives the error.
 * `ensemble.events$` has the same events as an Observable. docs/telemetry.md describes them. Costs no calls.
 *
 * @throws {ConfigError} for an unknown event, or a handler that is not a function.
 *
 * @example
 * ```ts
 * import { attachHandlers, createEnsemble, defineModel } from 'crucible-ensemble';
 *
 * const ensemble = createEnsemble({ models: [defineModel('a', () => '4'), defineModel('b', () => '5')] });
 * const answered: string[] = [];
 * const detach = attachHandlers(ensemble, {
 *   'model:stop': ({ model }) => answered.push(model),
 * });
 * await ensemble.predict('What is 2 + 2?');
 * detach();
 * await ensemble.predict('What is 2 + 3?');
 * answered; // => ['a', 'b']
 * ```
 */
export const attachHandlers = (
  ensemble: EnsembleEvents,
  handlers: EventHandlers,
  options: ListenerOptions = {},
): (() => void) => {
  return reading('attachHandlers', () => {
    refuse([
      ...faultsOf('attachHandlers', handlers, handlerChecks),
      ...faultsOf('attachHandlers', options, listenerChecks),
    ]);
    const attached = { ...handlers };
    return listenGuarded(
      'attachHandlers',
      ensemble,
      (event) => {
        const handler = attached[event.type] as ((event: EnsembleEvent) => unknown) | undefined;
        return handler?.(event);
      },
      options,
    );
  });
};
