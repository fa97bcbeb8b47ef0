import type { Observable } from 'rxjs';
import type { ModelIdentity } from './attempt.ts';
import { internal } from './internal.ts';
import type { Outcome } from './outcome.ts';
import type { Tally } from './tally.ts';

/** The first piece of an answer has come. */
export interface FirstToken {
  readonly status: 'writing';
  /** From the start of the call, in milliseconds. */
  readonly latencyMs: number;
}

/**
 * A call as a schedule receives it: a cold Observable of exactly one outcome for each subscription. Any Observable of
 * outcomes is a call. The calls of an ensemble have all of the parts below.
 */
export interface Call<Answer = unknown> extends Observable<Outcome<Answer>> {
  /** The model that is asked. */
  readonly model?: ModelIdentity;
  /**
   * The same call, as cold, which also emits when the first piece of its answer arrives. A model that can stream is asked
   * to; any other model emits only the outcome.
   */
  readonly withFirstToken$?: Observable<FirstToken | Outcome<Answer>>;
  /**
   * The same call, as cold, on top of those that the prediction needs, such as a hedge: it is charged to the retry
   * budgets of its policies.
   */
  readonly extra?: Call<Answer>;
}

/** Decides when each call is subscribed: cold calls in, their outcomes out. `merge` and `concat` are schedules. */
export type Schedule = <Answer>(calls: readonly Call<Answer>[]) => Observable<Outcome<Answer>>;

/** When enough has been heard: `true` ends the election and aborts the calls still out. */
export type StopRule = (tally: Tally) => boolean;

/** An execution that learns. Rescoring takes a snapshot, because it may perform a prediction twice. */
export interface Memory {
  /** Takes a snapshot of what has been learned and returns a function that restores it. */
  snapshot(): () => void;
}

/** An execution strategy: a schedule and a stop rule. */
export interface Execution {
  /** Names the strategy in `metadata.execution`; `custom` where left out. */
  readonly name?: string;
  readonly schedule: Schedule;
  /** Never, where left out. */
  readonly earlyStop?: StopRule;
  /** The votes below which there is no prediction, for a panel of a given size; `ceil(size / 2)` where left out. */
  readonly minResponses?: (panelSize: number) => number;
  /** @internal */
  readonly [internal]?: Memory;
}
