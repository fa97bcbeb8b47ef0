import { type Check, faultsOf, ofType, refuse } from '../options.ts';
import type { EnsembleEvent, EventOf } from './event.ts';
import { type ListenerOptions, listenerChecks, listenGuarded } from './listen-guarded.ts';
import type { EnsembleEvents } from './telemetry.ts';

/** Functions to call, by the events to call them at; what they return is not looked at, but for rejections. */
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
 * Calls functions at the events of an ensemble, from its next prediction on; returns what detaches them.
 *
 * ```text
 * predict$   ^-----------(p|)
 * a          ^---4|
 * b          ^-------x
 * handlers   sm  M   X   vcS      predict:start, model:start …, model:stop, model:exception, vote:complete, …
 * ```
 *
 * They are called while the prediction goes on and hold it up as long as they take, and they cannot harm it:
 * where one throws, or returns a promise that rejects, all of this call are detached and `onListenerError` is
 * told. For every event as an Observable there is `ensemble.events$`. The events are described in
 * docs/telemetry.md. Costs no calls.
 *
 * @throws {ConfigError} for an event that there is not, or a handler that is no function.
 *
 * @example
 * ```ts
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
};
