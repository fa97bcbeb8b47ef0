import type { CallRole } from './call-role.ts';
import type { ModelError } from './errors.ts';
import type { ModelDelta, ModelResponse } from './model.ts';
import type { Outcome } from './outcome.ts';
import type { Prediction } from './prediction.ts';
import type { Tally } from './tally.ts';

/** An event in the course of one prediction. */
export type StreamEvent<Answer = unknown> =
  /** A piece of an answer while a model writes it. */
  | {
      readonly type: 'delta';
      readonly model: string;
      readonly text: string;
      /** The number of the call, in the order of starting, from 0. A model may have several calls. */
      readonly call: number;
    }
  /** A piece of the reasoning of a model, or of the arguments of a tool call as JSON. They are no part of the answer. */
  | {
      readonly type: 'reasoning-delta';
      readonly model: string;
      readonly text: string;
      readonly call: number;
    }
  | {
      readonly type: 'tool-input-delta';
      readonly model: string;
      readonly text: string;
      readonly call: number;
      readonly toolCallId?: string | undefined;
      readonly toolName?: string | undefined;
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
      readonly type: 'consensus';
      /** The share of the votes so far that are for the leader, from 0 to 1. */
      readonly consensus: number;
      readonly votes: Readonly<Record<string, number>>;
      readonly leader: Answer | undefined;
    }
  | { readonly type: 'complete'; readonly prediction: Prediction<Answer> };

/** The event of a piece of what a model writes. */
export const toDeltaEvent = (
  model: string,
  { delta: text, kind, toolCallId, toolName }: ModelDelta,
  call: number,
): StreamEvent<never> => {
  if (kind === 'reasoning') return { type: 'reasoning-delta', model, text, call };
  if (kind === 'tool-input') return { type: 'tool-input-delta', model, text, call, toolCallId, toolName };
  return { type: 'delta', model, text, call };
};

/** Emits the events of an outcome: its response or failure, and the count after a vote. */
export const emitEvents = <Answer>(
  tally: Tally<Answer>,
  receiver: { readonly next: (event: StreamEvent<Answer>) => void },
): void => {
  const { outcome, consensus, leader } = tally;
  if (outcome === undefined) return;
  emitOutcome(outcome, receiver);
  if (outcome.status === 'answered')
    receiver.next({ type: 'consensus', consensus, votes: tally.votes, leader });
};

/** Emits the event of a call that has ended, unless it was cancelled. */
export const emitOutcome = (
  outcome: Outcome,
  receiver: { readonly next: (event: StreamEvent<never>) => void },
): void => {
  const { model, role } = outcome;
  const ofCall = { model, ...(role !== undefined && { role }) };
  if (outcome.status === 'failed') receiver.next({ type: 'failure', ...ofCall, error: outcome.error });
  if (outcome.status === 'answered' || outcome.status === 'abstained')
    receiver.next({ type: 'response', ...ofCall, response: outcome.response });
};
