import { Observable } from 'rxjs';
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

/** The events of one ensemble, and who listens to them. */
export interface Telemetry {
  readonly ensemble: string;
  readonly events$: Observable<EnsembleEvent>;
  readonly isWatched: () => boolean;
  readonly emit: (event: EnsembleEvent) => void;
  readonly within: (scope: Scope, work: () => void) => void;
  /** Adds a listener, who must not throw; returns how to take it away. */
  readonly listen: (listener: Listener) => () => void;
}

/** Where an ensemble keeps its telemetry, for the functions that listen to it. */
export const telemetry: unique symbol = Symbol('telemetry');

/** The telemetry of one ensemble. Nobody listens, nothing is done: that is checked once for each prediction. */
export const createTelemetry = (ensemble: string): Telemetry => {
  const listeners = new Set<Listener>();
  const listen = (listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    ensemble,
    events$: new Observable((subscriber) => listen({ next: (event) => subscriber.next(event) })),
    isWatched: () => listeners.size > 0,
    emit(event) {
      for (const { next } of listeners) next(event);
    },
    within(scope, work) {
      let inner = work;
      for (const { within } of listeners) {
        const wrapped = inner;
        if (within !== undefined) inner = () => within(scope, wrapped);
      }
      inner();
    },
    listen,
  };
};
