import type { Observable } from 'rxjs';
import type { Model } from './model.ts';
import type { Outcome } from './outcome.ts';
import type { Tally } from './tally.ts';

/** One call as a schedule is given it: cold, and of exactly one outcome for each subscription. */
export interface Call<Answer = unknown> extends Observable<Outcome<Answer>> {
  /** Who is asked. */
  readonly model: Pick<Model, 'id' | 'provider' | 'modelName'>;
  /**
   * Emits when the first piece of the answer has come, after so many milliseconds. A model that can stream
   * does so where somebody asks for this before it is called; of another one, nothing is heard.
   */
  readonly firstToken$: Observable<number>;
}

/** When each call is subscribed: cold calls in, their outcomes out. `merge` and `concat` are schedules. */
export type Schedule = <Answer>(calls: readonly Call<Answer>[]) => Observable<Outcome<Answer>>;

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
