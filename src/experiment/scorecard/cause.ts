import type { CallRole } from '../../domain/call-role.ts';

/** The kind of a {@link Cause}. */
export type CauseKind =
  | 'missing'
  | 'failed'
  | 'abstained'
  | 'noPrediction'
  | 'unscored'
  | 'unlabelled'
  | 'normalization'
  | 'warning';

/** A reason why questions or calls of a condition do not count fully, with the number of cases and an example. */
export interface Cause {
  /**
   * A call that is not recorded (`missing`), `failed`, or `abstained`; a question without a prediction (`noPrediction`), a
   * prediction that could not be scored (`unscored`), a question without a right answer (`unlabelled`); a sign that the
   * `normalization` does not fit; a `warning`.
   */
  readonly kind: CauseKind;
  /** The id of the model, if it is about calls. */
  readonly model?: string;
  /** What these calls were for, if they are no calls of members. */
  readonly role?: CallRole;
  /** The name of the error, if there is one. */
  readonly error?: string;
  /** The number of calls or questions. */
  readonly count: number;
  /** The number of all calls of the model, with the same role or none, if it is about calls. */
  readonly of?: number;
  /** The id of the first question with this cause. */
  readonly question: string;
  /** The reason of that example, truncated and without keys. */
  readonly reason?: string;
}
