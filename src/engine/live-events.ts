import type { Subscriber } from 'rxjs';
import type { CallRole } from '../domain/call-role.ts';
import type { Attempt, Outcome } from '../domain/outcome.ts';
import type { EventReceiver, StreamEvent, Unnumbered } from '../domain/stream-event.ts';

/** A call as its events name it. */
export interface LiveCall {
  /** The number of the call, in the order of starting. */
  readonly number: number;
  readonly index: number;
  readonly model: { readonly id: string };
  readonly context: { readonly role?: CallRole };
}

/** Numbers the events of one prediction and hands them to the subscriber of its stream. */
export class LiveEvents<Answer> implements EventReceiver<Answer> {
  readonly #receiver: Pick<Subscriber<StreamEvent<Answer>>, 'next'>;
  #sequence = 0;

  constructor(receiver: Pick<Subscriber<StreamEvent<Answer>>, 'next'>) {
    this.#receiver = receiver;
  }

  next(event: Unnumbered<StreamEvent<Answer>>): void {
    this.#receiver.next(this.numbered(event));
  }

  /** Numbers a new event in place: a stream makes many of them. */
  numbered(event: Unnumbered<StreamEvent<Answer>>): StreamEvent<Answer> {
    const numbered = event as StreamEvent<Answer> & { sequence: number };
    numbered.sequence = this.#sequence;
    this.#sequence += 1;
    return numbered;
  }

  callStarted(call: LiveCall): void {
    const { model, number, index, context } = call;
    const { role } = context;
    this.next(
      role === undefined
        ? { type: 'call-start', model: model.id, call: number, index }
        : { type: 'call-start', model: model.id, call: number, role, index },
    );
  }

  attemptFailed(call: LiveCall, attempt: number, failed: Attempt): void {
    this.next({ type: 'call-retry', ...nameOf(call), attempt, failed });
  }

  callEnded(call: LiveCall, outcome: Outcome<Answer>): void {
    const { model, number, context } = call;
    const { role } = context;
    // Written out rather than spread, because every call makes two events.
    this.next(
      role === undefined
        ? { type: 'call-end', model: model.id, call: number, outcome }
        : { type: 'call-end', model: model.id, call: number, role, outcome },
    );
  }
}

const nameOf = ({ model: { id }, number, context: { role } }: LiveCall) =>
  role === undefined ? { model: id, call: number } : { model: id, call: number, role };
