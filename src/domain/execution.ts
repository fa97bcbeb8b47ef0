import type { Observable } from 'rxjs';
import type { ModelIdentity } from './attempt.ts';
import { readSafely } from './foreign.ts';
import { internal } from './internal.ts';
import type { Outcome } from './outcome.ts';
import type { Tally } from './tally.ts';
import type { Voter } from './voter.ts';

/** Signals that the first piece of an answer has arrived. */
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
  /** The model that is called. */
  readonly model?: ModelIdentity;
  /**
   * The same call, as cold, which also emits when the first piece of its answer arrives. A model that can stream is asked
   * to; any other model emits only the outcome.
   */
  readonly withFirstToken$?: Observable<FirstToken | Outcome<Answer>>;
  /** The same cold call as an extra one, such as a hedge. It is charged to the retry budgets of its policies. */
  readonly extra?: Call<Answer>;
}

/** Decides when each call is subscribed: cold calls in, their outcomes out. `merge` and `concat` are schedules. */
export type Schedule = <Answer>(calls: readonly Call<Answer>[]) => Observable<Outcome<Answer>>;

/** Returns `true` to end the vote; the calls in flight are then cancelled. */
export type StopRule = (tally: Tally) => boolean;

/** What is known of a rule of the library besides its verdicts. A rule carries it under `internal`. */
export interface RuleTraits {
  /** The consensus at which it stops, from 0 to 1. */
  readonly threshold?: number | undefined;
  /** Whether it stops only at a vote with a confidence. */
  readonly usesConfidence?: boolean;
  /** Whether it stops when the result is decided, and at no other time. */
  readonly isDecided?: boolean;
}

/** Returns what is known of a rule: nothing of a caller's own. */
export const traitsOf = (rule: StopRule | undefined): RuleTraits =>
  (readSafely(rule, internal) as RuleTraits | undefined) ?? {};

/** An execution that learns. Rescoring takes a snapshot, because it may perform a prediction twice. */
export interface Memory {
  /** Takes a snapshot of what has been learned and returns a function that restores it. */
  snapshot(): () => void;
  /** How it hedges; absent if it makes no hedges. */
  readonly hedging?: Hedging | undefined;
}

/** What is known of the hedges of an execution. */
export interface Hedging {
  /** The function that made it, for messages. */
  readonly owner: string;
  /** The delay of every hedge; absent if it is learned. */
  readonly delayMs?: number | undefined;
  /** Whether a hedge goes to another model. */
  readonly isToNext: boolean;
}

/** An execution strategy: a schedule, a stop rule, and the voting strategy that goes with them. */
export interface Execution {
  /** The name in `metadata.execution`. Default `custom`. */
  readonly name?: string;
  readonly schedule: Schedule;
  /** When to stop before every call has ended. Default never. */
  readonly earlyStop?: StopRule;
  /** The minimum number of votes of a prediction, for a panel of a size. Default `ceil(size / 2)`. */
  readonly minResponses?: (panelSize: number) => number;
  /** The voting strategy, unless the ensemble sets one. Default `majority`. */
  readonly strategy?: Voter;
  /** @internal */
  readonly [internal]?: Memory;
}
