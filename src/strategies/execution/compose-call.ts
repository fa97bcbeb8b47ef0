import { Observable } from 'rxjs';
import type { Call, FirstToken } from '../../domain/execution.ts';
import type { Outcome } from '../../domain/outcome.ts';

/** What a call consists of besides its outcome; what is made anew for whoever asks for it is a function. */
export interface CallParts<Answer> {
  readonly model: Call['model'];
  readonly withFirstToken: () => Observable<FirstToken | Outcome<Answer>>;
  readonly extra: () => Call<Answer>;
}

/** A call made out of an Observable of its own. */
export const composeCall = <Answer>(
  outcome$: Observable<Outcome<Answer>>,
  parts: CallParts<Answer>,
): Call<Answer> => new ComposedCall(outcome$, parts);

/** A class, since a property assigned to an Observable afterwards costs as much as the Observable. */
class ComposedCall<Answer> extends Observable<Outcome<Answer>> implements Call<Answer> {
  readonly #parts: CallParts<Answer>;

  constructor(outcome$: Observable<Outcome<Answer>>, parts: CallParts<Answer>) {
    super((subscriber) => outcome$.subscribe(subscriber));
    this.#parts = parts;
  }

  get model(): Call['model'] {
    return this.#parts.model;
  }

  get withFirstToken$(): Observable<FirstToken | Outcome<Answer>> {
    return this.#parts.withFirstToken();
  }

  get extra(): Call<Answer> {
    return this.#parts.extra();
  }
}
