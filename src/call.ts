import { Observable, type Subscriber } from 'rxjs';
import type { Clock } from './clock.ts';
import type { Deadline } from './deadline.ts';
import type { Call, FirstToken } from './execution.ts';
import type { Model } from './model.ts';
import type { Outcome } from './outcome.ts';
import type { Pricing } from './price.ts';
import type { ModelRequest } from './query.ts';
import type { Reader } from './reader.ts';
import { StartedCall } from './started-call.ts';
import type { Watch } from './telemetry/watch.ts';

/** What the calls of one prediction have in common. */
export interface CallContext<Answer> {
  readonly request: ModelRequest;
  readonly clock: Clock;
  readonly read: Reader<Answer>;
  readonly pricing: Pricing | undefined;
  readonly deadline: Deadline;
  /** When the prediction has to be made, on its clock; never, where left out. */
  readonly endsAtMs?: number;
  /** Told of every piece of an answer while it is being written, where somebody watches. */
  readonly onDelta?: ((model: string, text: string, call: number) => void) | undefined;
  /** Tells what happens to those who listen; absent where nobody does. */
  readonly watch: Watch | undefined;
  /** Every call that was started, in the order of starting: the prediction's account. */
  readonly ledger: StartedCall<Answer>[];
}

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
