import { Observable } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import { readSafely } from '../domain/foreign.ts';
import type { EnsembleEvent } from './event.ts';

/** Receives every event, and may run the work that follows in its own async context. */
export interface Listener {
  readonly next: (event: EnsembleEvent) => void;
  /**
   * Runs work exactly once: an attempt of a call, or, in a scope without a call, the delivery of the prediction to its
   * subscriber.
   */
  readonly within?: (scope: Scope, work: () => void) => void;
}

/** The owner of work: a prediction, or the current attempt of one of its calls. */
export interface Scope {
  readonly prediction: number;
  readonly call?: number;
}

/** Makes a listener for one prediction that begins now, or returns `undefined` to skip it. For listeners with state. */
export type ListenerFactory = () => Listener | undefined;

/** The listeners of one prediction: those that were attached when it began, until they are detached. */
export interface Listeners {
  readonly notify: (event: EnsembleEvent) => void;
  /** Runs work exactly once, within the contexts of all listeners. */
  readonly within: (scope: Scope, work: () => void) => void;
}

/** The events of one ensemble, and its listeners. */
export interface Telemetry {
  readonly ensemble: string;
  readonly events$: Observable<EnsembleEvent>;
  /** Adds a listener from the next prediction on, and returns a function that removes it. It must not throw. */
  readonly listen: (listener: Listener | ListenerFactory) => () => void;
  /** Returns the listeners of a prediction that begins now; `undefined` without listeners. */
  readonly currentListeners: () => Listeners | undefined;
}

/** The telemetry of each ensemble, by its `events$`. It is not a property, because only this room uses it. */
const telemetries = new WeakMap<Observable<EnsembleEvent>, Telemetry>();

/** The part of an ensemble that listeners need: its events. */
export interface EnsembleEvents {
  readonly events$: Observable<EnsembleEvent>;
}

/**
 * Returns the telemetry of an ensemble.
 *
 * @throws {ConfigError} for anything but an ensemble.
 */
export const telemetryOf = (owner: string, ensemble: EnsembleEvents): Telemetry => {
  const found = telemetries.get(readSafely(ensemble, 'events$') as Observable<EnsembleEvent>);
  if (found === undefined) throw new ConfigError([`${owner}: expected an ensemble made by createEnsemble`]);
  return found;
};

/** Creates the telemetry of one ensemble. A prediction looks for listeners once; without any, it makes no events. */
export const createTelemetry = (ensemble: string): Telemetry => {
  const listeners = new Set<Listener | ListenerFactory>();
  const listen = (listener: Listener | ListenerFactory): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const telemetry: Telemetry = {
    ensemble,
    events$: new Observable((subscriber) => listen({ next: (event) => subscriber.next(event) })),
    listen,
    currentListeners: () => (listeners.size === 0 ? undefined : listenersOf(listeners)),
  };
  telemetries.set(telemetry.events$, telemetry);
  return telemetry;
};

const listenersOf = (listeners: ReadonlySet<Listener | ListenerFactory>): Listeners | undefined => {
  const present = new Map<Listener, Listener | ListenerFactory>();
  for (const source of listeners) {
    const listener = typeof source === 'function' ? source() : source;
    if (listener !== undefined) present.set(listener, source);
  }
  if (present.size === 0) return undefined;
  return {
    notify(event) {
      for (const [listener, source] of present) {
        if (typeof source === 'function' || listeners.has(source)) listener.next(event);
      }
    },
    within(scope, work) {
      let inner = work;
      for (const { within } of present.keys()) {
        const wrapped = inner;
        if (within !== undefined) inner = () => within(scope, wrapped);
      }
      inner();
    },
  };
};
