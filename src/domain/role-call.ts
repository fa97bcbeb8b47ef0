import type { Observable } from 'rxjs';
import type { CallRole } from './call-role.ts';
import type { Model } from './model.ts';
import type { Normalizer } from './normalizer.ts';
import type { Outcome } from './outcome.ts';
import type { Query } from './request.ts';

/** Options of a {@link RoleCall}. */
export interface RoleCallOptions<Answer = unknown> {
  readonly role: CallRole;
  /** Reads the answer. Default: as the ensemble reads the answers of its members. */
  readonly normalization?: Normalizer<Answer>;
}

/**
 * Makes a call within a prediction, as cold as those of its members and with the same policies, time limits and events. The
 * Observable emits its one outcome and never errors. Its cost is part of the prediction. Once the step that makes it has ended,
 * it completes without an outcome, and nothing is sent.
 */
export type RoleCall = <Answer = unknown>(
  model: Model,
  query: Query,
  options: RoleCallOptions<Answer>,
) => Observable<Outcome<Answer>>;
