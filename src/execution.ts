import type { Observable } from 'rxjs';
import type { Outcome } from './outcome.ts';
import type { Tally } from './tally.ts';

/** When each call is subscribed: cold calls in, their outcomes out. `merge` and `concat` are schedules. */
export type Schedule = <Answer>(calls: readonly Observable<Outcome<Answer>>[]) => Observable<Outcome<Answer>>;

/** When enough has been heard: `true` ends the election and aborts the calls still out. */
export type StopRule = (tally: Tally) => boolean;

/** An execution strategy: a schedule and a stop rule. */
export interface Execution {
  /** Names the strategy in `metadata.execution`; `custom` where left out. */
  readonly name?: string;
  readonly schedule: Schedule;
  /** Never, where left out. */
  readonly stopWhen?: StopRule;
  /** The votes below which there is no prediction, for a panel of a given size; `ceil(size / 2)` where left out. */
  readonly minResponses?: (panelSize: number) => number;
}
