import type { Subscriber } from 'rxjs';
import type { Model } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { CallContext } from './call-context.ts';
import { type OutcomeListener, StartedCall } from './started-call.ts';

/**
 * Starts a call of every member at once: what subscribing to `merge(...calls)` does, without an Observable, a
 * Subscriber and an operator per call.
 */
export const startAll = <Answer>(
  members: readonly Model[],
  context: CallContext<Answer>,
  subscriber: Subscriber<Outcome<Answer>>,
): void => {
  // One more than there are calls, so that the end comes after the last start, even if models answer at once.
  const outcomes = new MergedOutcomes(subscriber, members.length + 1);
  // The ledger holds the calls in flight and cancels them.
  subscriber.add(context.ledger);
  for (let index = 0; index < members.length && !subscriber.closed; index += 1) {
    new StartedCall({ model: members[index] as Model, index, context, outcomes }).start();
  }
  outcomes.complete();
};

/** Forwards the outcomes of several calls and completes with the last. */
class MergedOutcomes<Answer> implements OutcomeListener<Answer> {
  readonly #subscriber: Subscriber<Outcome<Answer>>;
  #incomplete: number;

  constructor(subscriber: Subscriber<Outcome<Answer>>, incomplete: number) {
    this.#subscriber = subscriber;
    this.#incomplete = incomplete;
  }

  next(outcome: Outcome<Answer>): void {
    this.#subscriber.next(outcome);
  }

  complete(): void {
    this.#incomplete -= 1;
    if (this.#incomplete === 0) this.#subscriber.complete();
  }
}
