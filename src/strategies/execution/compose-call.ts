import { Observable } from 'rxjs';
import type { Call, FirstToken } from '../../domain/execution.ts';
import type { Outcome } from '../../domain/outcome.ts';

/** A call with all of its parts. */
export interface CompleteCall<Answer> extends Call<Answer> {
  readonly model: NonNullable<Call['model']>;
  readonly withFirstToken$: Observable<FirstToken | Outcome<Answer>>;
  readonly extra: CompleteCall<Answer>;
}

/** The parts of a call besides its outcome. A part that is created on each access is a function. */
export interface CallParts<Answer> {
  readonly model: CompleteCall<Answer>['model'];
  readonly withFirstToken: () => Observable<FirstToken | Outcome<Answer>>;
  readonly extra: () => CompleteCall<Answer>;
}

/** Makes a call out of an Observable of its outcome. */
export const composeCall = <Answer>(
  outcome$: Observable<Outcome<Answer>>,
  parts: CallParts<Answer>,
): CompleteCall<Answer> => new ComposedCall(outcome$, parts);

/**
 * Completes a call that may be a caller's own Observable. Such a call is named by its place, does not stream, and an
 * extra call is one more subscription.
 */
export const completeCall = <Answer>(call: Call<Answer>, place: number): CompleteCall<Answer> =>
  isComplete(call)
    ? call
    : composeCall(call, {
        model: call.model ?? { id: `call ${place}` },
        withFirstToken: () => call.withFirstToken$ ?? call,
        extra: () => completeCall(call.extra ?? call, place),
      });

/** Asks for the names of the parts, because reading a part makes it. */
const isComplete = <Answer>(call: Call<Answer>): call is CompleteCall<Answer> =>
  ['model', 'withFirstToken$', 'extra'].every((part) => part in call);

/** A class, because a property that is assigned to an Observable afterwards doubles its cost. */
class ComposedCall<Answer> extends Observable<Outcome<Answer>> implements CompleteCall<Answer> {
  readonly #parts: CallParts<Answer>;

  constructor(outcome$: Observable<Outcome<Answer>>, parts: CallParts<Answer>) {
    super((subscriber) => outcome$.subscribe(subscriber));
    this.#parts = parts;
  }

  get model(): CompleteCall<Answer>['model'] {
    return this.#parts.model;
  }

  get withFirstToken$(): Observable<FirstToken | Outcome<Answer>> {
    return this.#parts.withFirstToken();
  }

  get extra(): CompleteCall<Answer> {
    return this.#parts.extra();
  }
}
