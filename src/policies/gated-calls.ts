import { Subscriber } from 'rxjs';
import { callContained, containedCall } from '../domain/contained-call.ts';
import { QueueFullError } from '../domain/errors.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';
import { accepting, aModel } from '../options.ts';
import { createWaitingLine } from './waiting-line.ts';

/** The end of a call: its response or its error, neither if it was cancelled. */
export type CallEnd = { readonly response?: ModelResponse; readonly error?: unknown };

/** Decides when the first waiting call may start. */
export interface Gate<Need> {
  /** Returns what a call needs. Called once for each subscription. */
  needOf(request: ModelRequest): Need;
  /** Lets a call through and takes what it needs, or does neither. */
  tryEnter(need: Need): boolean;
  /** Called when a call that went through has ended or was cancelled. */
  leave(need: Need, end: CallEnd): void;
  /** Called when no other call can start, with whether one is waiting. */
  rest?(isWaiting: boolean): void;
}

/**
 * Makes the calls of all models that `policy` is applied to wait in one line in front of a gate, at most `maxQueued` at
 * a time. `advance` starts the calls that the gate lets through.
 */
export const createGatedCalls = <Need>(
  owner: string,
  gate: Gate<Need>,
  maxQueued: number,
): { readonly policy: (model: Model) => Model; readonly advance: () => void } => {
  const line = createWaitingLine({ maxQueued, onRest: (isWaiting) => gate.rest?.(isWaiting) });

  const callOf = (model: Model) =>
    containedCall((request, subscriber) => {
      const listener = attemptListener(request);
      const need = gate.needOf(request);
      let isIn = false;
      let end: CallEnd = {};
      const leaveGate = (): boolean => {
        const wasIn = isIn;
        isIn = false;
        if (wasIn) gate.leave(need, end);
        return wasIn;
      };
      // Leaves the gate before it notifies the subscriber, which may ask again at once.
      const finish = (notify: () => void): void => {
        try {
          leaveGate();
        } finally {
          try {
            notify();
          } finally {
            line.advance();
          }
        }
      };
      const source = new Subscriber<ModelResponse | ModelDelta>({
        next(output) {
          if (!isDelta(output) && end.response === undefined) end = { response: output };
          subscriber.next(output);
        },
        error(error: unknown) {
          if (end.response === undefined) end = { error };
          finish(() => subscriber.error(error));
        },
        complete: () => finish(() => subscriber.complete()),
      });
      let leaveLine = (): void => undefined;
      subscriber.add(() => {
        source.unsubscribe();
        leaveLine();
        if (leaveGate()) line.advanceSoon();
      });
      if (subscriber.closed) return;
      const start = (): void => {
        isIn = true;
        listener?.attemptWaits(false);
        callContained(model, request, source);
      };
      const tryEnter = (): boolean => gate.tryEnter(need);
      if (line.passAtOnce(tryEnter, start)) return;
      listener?.attemptWaits(true);
      leaveLine = line.join({
        tryEnter,
        start,
        turnAway: () => subscriber.error(new QueueFullError(model.id, maxQueued)),
      });
      line.advance();
    });

  return {
    policy: accepting(owner, aModel, (model) => ({ ...model, call: callOf(model) })),
    advance: line.advance,
  };
};
