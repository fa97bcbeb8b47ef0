import { Observable, type Subscriber } from 'rxjs';
import type { FirstToken } from '../domain/execution.ts';
import type { Model } from '../domain/model.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { CompleteCall } from '../strategies/execution/compose-call.ts';
import type { CallContext } from './call-context.ts';
import { StartedCall } from './started-call.ts';

/**
 * A call as a cold Observable of exactly one outcome. It never errors. Each subscription starts the call again and
 * enters it in the ledger, which also keeps a call that is cancelled.
 */
export const call = <Answer>(
  model: Model,
  index: number,
  context: CallContext<Answer>,
): CompleteCall<Answer> => new ColdCall({ model, index, context });

interface CallParts<Answer> {
  readonly model: Model;
  readonly index: number;
  readonly context: CallContext<Answer>;
  readonly isExtra?: boolean;
}

/** A class, because assigning a property to an Observable afterwards doubles its cost. */
class ColdCall<Answer> extends Observable<Outcome<Answer>> implements CompleteCall<Answer> {
  readonly model: Model;
  readonly #parts: CallParts<Answer>;

  constructor(parts: CallParts<Answer>) {
    super((subscriber) => this.#start(subscriber));
    this.model = parts.model;
    this.#parts = parts;
  }

  get extra(): CompleteCall<Answer> {
    return new ColdCall({ ...this.#parts, isExtra: true });
  }

  get withFirstToken$(): Observable<FirstToken | Outcome<Answer>> {
    return new Observable((subscriber) =>
      this.#start(subscriber, (firstToken) => subscriber.next(firstToken)),
    );
  }

  #start(outcomes: Subscriber<Outcome<Answer>>, onFirstToken?: (firstToken: FirstToken) => void): void {
    const { model, index, context, isExtra = false } = this.#parts;
    const startedAtMs = context.clock();
    const started = new StartedCall(model, index, { context, outcomes, startedAtMs, isExtra, onFirstToken });
    outcomes.add(started);
    started.start();
  }
}
