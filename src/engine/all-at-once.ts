import type { Subscriber } from 'rxjs';
import type { Model } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type CallContext, type OutcomeListener, StartedCall } from './started-call.ts';

/** What subscribing to `allAtOnce` comes to: starts a call at each seat, and tells one subscriber of all of them. */
export const startAllAtOnce = <Answer>(
  seats: readonly Model[],
  context: CallContext<Answer>,
  subscriber: Subscriber<Outcome<Answer>>,
): void => {
  // One more, which is heard once all have been asked: it is not over before, even if they answer at once.
  const heard = new AllHeard(subscriber, seats.length + 1);
  // The ledger has the calls that are out, and lets go of them.
  subscriber.add(context.ledger);
  for (let index = 0; index < seats.length && !subscriber.closed; index += 1) {
    new StartedCall(seats[index] as Model, index, context, heard).ask();
  }
  heard.complete();
};

/** Passes on the outcomes, and completes with the last of them. */
class AllHeard<Answer> implements OutcomeListener<Answer> {
  readonly #subscriber: Subscriber<Outcome<Answer>>;
  #unheard: number;

  constructor(subscriber: Subscriber<Outcome<Answer>>, calls: number) {
    this.#subscriber = subscriber;
    this.#unheard = calls;
  }

  next(outcome: Outcome<Answer>): void {
    this.#subscriber.next(outcome);
  }

  complete(): void {
    this.#unheard -= 1;
    if (this.#unheard === 0) this.#subscriber.complete();
  }
}
