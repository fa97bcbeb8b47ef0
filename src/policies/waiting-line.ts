import { asapScheduler, Observable, Subscriber } from 'rxjs';
import { QueueFullError } from '../domain/errors.ts';
import { isDelta, type Model, type ModelDelta, type ModelResponse } from '../domain/model.ts';
import { attemptListener, type ModelRequest } from '../domain/request.ts';

/** What decides when the first of those who wait may go. */
export interface Gate<Need> {
  /** What a call needs, asked once for each subscription. */
  needOf(request: ModelRequest): Need;
  /** Lets a call through and takes what it needs, or does neither. */
  tryEnter(need: Need): boolean;
  /** Told when a call that went through has ended: with its answer, its error, or neither where it was given up. */
  leave(need: Need, end: unknown): void;
  /** Told who is first in the line whenever nobody else can go on; `undefined` when nobody waits. */
  rest(first: Need | undefined): void;
}

/** A line of calls before a gate, shared by the models that the policy is applied to. */
export interface WaitingLine {
  readonly policy: (model: Model) => Model;
  /** Lets go whom the gate lets through. */
  readonly advance: () => void;
}

interface Ticket<Need> {
  readonly need: Need;
  readonly start: () => void;
  readonly turnAway: () => void;
}

/** First come, first served; joining, leaving and cancelling are O(1), and no call is started within another. */
export const createWaitingLine = <Need>(gate: Gate<Need>, maxQueued: number): WaitingLine => {
  // Numbered, since a Set forgets its deleted entries only now and then, and its first is then far away.
  const tickets = new Map<number, Ticket<Need>>();
  let firstNumber = 0;
  let nextNumber = 0;
  let isAdvancing = false;

  const first = (): Ticket<Need> | undefined => {
    while (firstNumber < nextNumber && !tickets.has(firstNumber)) firstNumber += 1;
    return tickets.get(firstNumber);
  };
  const letThrough = (): void => {
    for (let ticket = first(); ticket !== undefined && gate.tryEnter(ticket.need); ticket = first()) {
      tickets.delete(firstNumber);
      ticket.start();
    }
  };
  const advance = (): void => {
    // A trampoline: whoever is freed or comes while another starts is served by the loop that is running.
    if (isAdvancing) return;
    isAdvancing = true;
    letThrough();
    while (tickets.size > maxQueued) {
      while (!tickets.has(nextNumber - 1)) nextNumber -= 1;
      const last = tickets.get(nextNumber - 1);
      tickets.delete(nextNumber - 1);
      last?.turnAway();
      letThrough();
    }
    isAdvancing = false;
    gate.rest(first()?.need);
  };

  const callOf = (model: Model, request: ModelRequest): Observable<ModelResponse | ModelDelta> =>
    new Observable((subscriber) => {
      const need = gate.needOf(request);
      let isIn = false;
      let end: unknown;
      const leave = (): void => {
        if (!isIn) return;
        isIn = false;
        gate.leave(need, end);
      };
      const source = new Subscriber<ModelResponse | ModelDelta>({
        next(output) {
          if (!isDelta(output)) end ??= output;
          subscriber.next(output);
        },
        // The place is free before the end is told, since whoever hears of it may ask again at once.
        error(error: unknown) {
          end ??= error;
          leave();
          subscriber.error(error);
          advance();
        },
        complete() {
          leave();
          subscriber.complete();
          advance();
        },
      });
      const number = nextNumber;
      nextNumber += 1;
      subscriber.add(() => {
        source.unsubscribe();
        const isFirst = number === firstNumber;
        const hasWaited = tickets.delete(number);
        const wasIn = isIn;
        leave();
        // A little later: when a whole prediction is cancelled, those that wait are about to leave as well.
        if (tickets.size === 0 && (wasIn || hasWaited)) advance();
        else if (wasIn || (hasWaited && isFirst)) asapScheduler.schedule(advance);
      });
      if (subscriber.closed) return;
      attemptListener(request)?.attemptWaits(true);
      tickets.set(number, {
        need,
        start() {
          isIn = true;
          attemptListener(request)?.attemptWaits(false);
          try {
            model.call(request).subscribe(source);
          } catch (error) {
            source.error(error);
          }
        },
        turnAway: () => subscriber.error(new QueueFullError(model.id, maxQueued)),
      });
      advance();
    });

  return { policy: (model) => ({ ...model, call: (request) => callOf(model, request) }), advance };
};
