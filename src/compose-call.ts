import type { Observable } from 'rxjs';
import type { Call } from './execution.ts';
import type { Outcome } from './outcome.ts';

/** A call made out of an Observable of its own; what is extra to it is made when it is asked for. */
export const composeCall = <Answer>(
  outcome$: Observable<Outcome<Answer>>,
  parts: Pick<Call<Answer>, 'model' | 'withFirstToken$'>,
  extra: () => Call<Answer>,
): Call<Answer> =>
  Object.defineProperty(Object.assign(outcome$, parts), 'extra', { get: extra }) as Call<Answer>;
