import type { ModelError } from './errors.ts';
import type { ModelResponse } from './model.ts';
import type { Prediction } from './prediction.ts';
import type { Tally } from './tally.ts';

/** What happens in the course of one prediction. */
export type StreamEvent<Answer = unknown> =
  /** A piece of an answer while it is being written, by models that stream. */
  | {
      readonly type: 'delta';
      readonly model: string;
      readonly text: string;
      /** The number of the call, in the order of starting, from 0: a model may be asked several times. */
      readonly call: number;
    }
  | { readonly type: 'response'; readonly model: string; readonly response: ModelResponse }
  | { readonly type: 'failure'; readonly model: string; readonly error: ModelError }
  | {
      readonly type: 'consensus';
      /** The share of the votes so far that stand behind the leader, 0..1. */
      readonly consensus: number;
      readonly votes: Readonly<Record<string, number>>;
      readonly leader: Answer | undefined;
    }
  | { readonly type: 'complete'; readonly prediction: Prediction<Answer> };

/** What an outcome is to somebody who watches: the response or the failure, and how a vote changed the count. */
export const toEvents = <Answer>({
  outcome,
  consensus,
  votes,
  leader,
}: Tally<Answer>): readonly StreamEvent<Answer>[] => {
  if (outcome?.status === 'failed') return [{ type: 'failure', model: outcome.model, error: outcome.error }];
  if (outcome?.status !== 'answered' && outcome?.status !== 'abstained') return [];
  const response = { type: 'response', model: outcome.model, response: outcome.response } as const;
  return outcome.status === 'abstained'
    ? [response]
    : [response, { type: 'consensus', consensus, votes, leader }];
};
