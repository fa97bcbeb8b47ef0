import type { CallRole } from './call-role.ts';
import type { ModelError } from './errors.ts';
import type { ModelDelta, ModelResponse } from './model.ts';
import type { Attempt, Outcome } from './outcome.ts';
import type { Prediction } from './prediction.ts';
import type { Tally } from './tally.ts';

/**
 * An event in the course of one prediction. It can be written as JSON: a response and a prediction as they are, an error as
 * its name, its message and whether it may be retried.
 *
 * A call has one `call-start`, then its deltas and retries, then one `call-end`. Next come its `response` or `failure`, unless
 * it was cancelled, and the `consensus` after a vote. Calls that a stop rule or the deadline cancels end before calls
 * with a role begin. `complete` is the last event; it has the decision.
 */
export type StreamEvent<Answer = unknown> = {
  /** The number of the event in its prediction, from 0. Deltas that were joined for a slow reader leave gaps. */
  readonly sequence: number;
} & (
  | {
      /** A call begins. */
      readonly type: 'call-start';
      readonly model: string;
      /** The number of the call, in the order of starting, from 0. A model may have several calls. */
      readonly call: number;
      /** The position of the model in the panel, from 0. Calls with a `role` come after the panel. */
      readonly index: number;
      /** What the call is for, if it is no call of a member. */
      readonly role?: CallRole;
    }
  | {
      /** A piece of an answer while a model writes it. */
      readonly type: 'delta';
      readonly model: string;
      readonly text: string;
      readonly call: number;
    }
  | {
      /** A piece of the reasoning of a model. It is no part of the answer. */
      readonly type: 'reasoning-delta';
      readonly model: string;
      readonly text: string;
      readonly call: number;
    }
  | {
      /** A piece of the arguments of a tool call, as JSON. It is no part of the answer. */
      readonly type: 'tool-input-delta';
      readonly model: string;
      readonly text: string;
      readonly call: number;
      readonly toolCallId?: string | undefined;
      readonly toolName?: string | undefined;
    }
  | {
      /** An attempt failed, and another one follows: a policy retries the call, or calls another model. */
      readonly type: 'call-retry';
      readonly model: string;
      readonly call: number;
      readonly role?: CallRole;
      /** The number of the failed attempt in its call, from 1. */
      readonly attempt: number;
      readonly failed: Attempt;
    }
  | {
      /** A call has ended: it voted, abstained, failed or was cancelled. Its outcome has its latency and its cost. */
      readonly type: 'call-end';
      readonly model: string;
      readonly call: number;
      readonly role?: CallRole;
      readonly outcome: Outcome<Answer>;
    }
  | {
      readonly type: 'response';
      readonly model: string;
      readonly response: ModelResponse;
      /** What the call was for, if it is no vote. */
      readonly role?: CallRole;
    }
  | { readonly type: 'failure'; readonly model: string; readonly error: ModelError; readonly role?: CallRole }
  | {
      /** The count after a vote, and after a grouping has refined its groups. */
      readonly type: 'consensus';
      /** The share of the votes so far that are for the leader, from 0 to 1. */
      readonly consensus: number;
      readonly votes: Readonly<Record<string, number>>;
      readonly leader: Answer | undefined;
      /** The `index` of each vote, group by group, the largest first and its speaker first; absent without a grouping. */
      readonly groups?: readonly (readonly number[])[];
    }
  | { readonly type: 'complete'; readonly prediction: Prediction<Answer> }
);

/** An event before it has its number. */
export type Unnumbered<Event> = Event extends unknown ? Omit<Event, 'sequence'> : never;

/** Receives events, and numbers them. */
export interface EventReceiver<Answer> {
  next(event: Unnumbered<StreamEvent<Answer>>): void;
}

/** The event of a piece of what a model writes. */
export const toDeltaEvent = (
  model: string,
  { delta: text, kind, toolCallId, toolName }: ModelDelta,
  call: number,
): Unnumbered<StreamEvent<never>> => {
  if (kind === 'reasoning') return { type: 'reasoning-delta', model, text, call };
  if (kind === 'tool-input') return { type: 'tool-input-delta', model, text, call, toolCallId, toolName };
  return { type: 'delta', model, text, call };
};

/** Emits the events of an outcome: its response or failure, and the count after a vote. */
export const emitEvents = <Answer>(tally: Tally<Answer>, receiver: EventReceiver<Answer>): void => {
  const { outcome } = tally;
  if (outcome === undefined) return;
  emitOutcome(outcome, receiver);
  if (outcome.status === 'answered') emitCount(tally, receiver);
};

/** Emits the count so far. */
export const emitCount = <Answer>(
  { consensus, votes, leader, groups }: Tally<Answer>,
  receiver: EventReceiver<Answer>,
): void => {
  const type = 'consensus';
  receiver.next(
    groups === undefined
      ? { type, consensus, votes, leader }
      : { type, consensus, votes, leader, groups: groups.map((group) => group.map(({ index }) => index)) },
  );
};

/** Emits the response or the failure of a call that has ended, unless it was cancelled. */
export const emitOutcome = (outcome: Outcome, receiver: EventReceiver<never>): void => {
  const { model, role } = outcome;
  if (outcome.status === 'failed') {
    const { error } = outcome;
    receiver.next(
      role === undefined ? { type: 'failure', model, error } : { type: 'failure', model, role, error },
    );
  } else if (outcome.status !== 'cancelled') {
    const { response } = outcome;
    receiver.next(
      role === undefined
        ? { type: 'response', model, response }
        : { type: 'response', model, role, response },
    );
  }
};
