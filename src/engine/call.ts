import { Observable, type Subscriber } from 'rxjs';
import type { Call, FirstToken } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { CallContext } from './started-call.ts';
import { StartedCall } from './started-call.ts';

/**
 * One call, as a cold Observable of exactly one outcome: it never errors, ends at the first value or at
 * the deadline, and enters itself in the ledger, where it also leaves a trace when it is cancelled.
 */
export const call = <Answer>(model: Model, index: number, context: CallContext<Answer>): Call<Answer> =>
  new ColdCall(model, index, context);

/** A class, since a property assigned to an Observable afterwards costs as much as the Observable. */
class ColdCall<Answer> extends Observable<Outcome<Answer>> implements Call<Answer> {
  readonly model: Model;
  readonly #index: number;
  readonly #context: CallContext<Answer>;
  readonly #isExtra: boolean;

  constructor(model: Model, index: number, context: CallContext<Answer>, isExtra = false) {
    super((subscriber) => this.#start(subscriber));
    this.model = model;
    this.#index = index;
    this.#context = context;
    this.#isExtra = isExtra;
  }

  get extra(): Call<Answer> {
    return new ColdCall(this.model, this.#index, this.#context, true);
  }

  get withFirstToken$(): Observable<FirstToken | Outcome<Answer>> {
    return new Observable((subscriber) =>
      this.#start(subscriber, (firstToken) => subscriber.next(firstToken)),
    );
  }

  #start(subscriber: Subscriber<Outcome<Answer>>, onFirstToken?: (firstToken: FirstToken) => void): void {
    const started = new StartedCall(
      this.model,
      this.#index,
      this.#context,
      subscriber,
      this.#isExtra,
      onFirstToken,
    );
    subscriber.add(started);
    started.ask();
  }
}
