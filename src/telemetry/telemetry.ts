import { Observable } from 'rxjs';
import { ConfigError } from '../domain/errors.ts';
import type { EnsembleEvent } from './event.ts';

/** Somebody who is told of every event, and may put the work that an event begins into a context of its own. */
export interface Listener {
  readonly next: (event: EnsembleEvent) => void;
  /**
   * Does the work of a call's attempt, or, where none is named, hands the prediction to whoever asked for it.
   * Does the work exactly once.
   */
  readonly within?: (scope: Scope, work: () => void) => void;
}

/** What work belongs to: a prediction, or one attempt of one of its calls. */
export interface Scope {
  readonly prediction: number;
  readonly call?: number;
}

/**
 * Who listens to a prediction that begins now, to its end; `undefined` where it is of no interest. For those who
 * keep something for each prediction.
 */
export type ListenerFactory = () => Listener | undefined;

/** Those who listen to one prediction: all who had come when it began, as long as they stay. */
export interface Listeners {
  readonly notify: (event: EnsembleEvent) => void;
  /** Does work, exactly once, within what each of them puts it in. */
  readonly within: (scope: Scope, work: () => void) => void;
}

/** The events of one ensemble, and who listens to them. */
export interface Telemetry {
  readonly ensemble: string;
  readonly events$: Observable<EnsembleEvent>;
  /** Adds a listener, who must not throw, from the next prediction on; returns how to take it away. */
  readonly listen: (listener: Listener | ListenerFactory) => () => void;
  /** Those who listen to a prediction that begins now; `undefined` where nobody does. */
  readonly currentListeners: () => Listeners | undefined;
}

/** What there is behind the events of an ensemble; not in the ensemble, since it is for those who listen alone. */
const behind = new WeakMap<Observable<EnsembleEvent>, Telemetry>();

/** The part of an ensemble that listeners need: its events. */
export interface EnsembleEvents {
  readonly events$: Observable<EnsembleEvent>;
}

/**
 * The telemetry of an ensemble.
 *
 * @throws {ConfigError} for what is no ensemble.
 */
export const telemetryOf = (owner: string, ensemble: EnsembleEvents): Telemetry => {
  const found = behind.get(ensemble?.events$);
  if (found === undefined) throw new ConfigError([`${owner}: expected an ensemble of createEnsemble`]);
  return found;
};

/** The telemetry of one ensemble. Nobody listens, nothing is done: that is looked up once for each prediction. */
export const createTelemetry = (ensemble: string): Telemetry => {
  const listeners = new Set<Listener | ListenerFactory>();
  const listen = (listener: Listener | ListenerFactory): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const told: Telemetry = {
    ensemble,
    events$: new Observable((subscriber) => listen({ next: (event) => subscriber.next(event) })),
    listen,
    currentListeners() {
      if (listeners.size === 0) return undefined;
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
    },
  };
  behind.set(told.events$, told);
  return told;
};
