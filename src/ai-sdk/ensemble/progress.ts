import type { SharedV4ProviderMetadata, SharedV4Warning } from '@ai-sdk/provider';
import { readSafely } from '../../domain/foreign.ts';
import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import { isOfMember, type Outcome } from '../../domain/outcome.ts';
import type { Prediction, PredictionMetadata } from '../../domain/prediction.ts';
import { toJson } from './to-json.ts';
import { PROVIDER } from './to-messages.ts';

/** What a member did in a prediction. */
export interface MemberProgress {
  /** The prediction that it is part of. */
  readonly predictionId: string;
  /** The number of the call in its prediction, from 0. */
  readonly call: number;
  readonly model: string;
  readonly status: Outcome['status'];
  /** The answer for which it counted, if it voted. */
  readonly vote?: string;
  /** Why it has no vote: why it abstained, or the name of the error. */
  readonly reason?: string;
  readonly latencyMs: number;
  /** The cost of the call, in USD; absent if unknown. */
  readonly costUsd?: number;
  /** What was wrong with a call that counts anyway, such as a setting that the model does not take. */
  readonly warning?: string;
}

/** The count of a prediction so far. */
export interface VoteProgress {
  readonly predictionId: string;
  /** The share of the votes that are for the leader, from 0 to 1. */
  readonly consensus: number;
  /** The votes per answer. */
  readonly votes: Readonly<Record<string, number>>;
}

/** What an ensemble reports of a prediction to the AI SDK: its metadata, and what each member did. */
export interface EnsembleMetadata extends PredictionMetadata {
  readonly members: readonly Omit<MemberProgress, 'predictionId' | 'call'>[];
}

/** Returns what a member did, by the outcome of its call. */
export const memberOf = (outcome: Outcome): EnsembleMetadata['members'][number] => {
  const { model, status, latencyMs, costUsd, warning } = outcome;
  return {
    model,
    status,
    ...(status === 'answered' && { vote: outcome.group ?? outcome.key }),
    ...(status === 'abstained' && { reason: outcome.reason }),
    ...(status === 'failed' && { reason: outcome.error.name }),
    latencyMs,
    ...given({ costUsd, warning }),
  };
};

/** Returns what members warn of, such as a setting that one does not take. */
export const memberWarnings = (predictions: readonly Prediction[]): readonly SharedV4Warning[] => {
  const messages = predictions.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ model, warning }) => (warning === undefined ? [] : [`${model}: ${warning}`])),
  );
  return [...new Set(messages)].map((message) => ({ type: 'other', message }));
};

/** Returns what the AI SDK has as `providerMetadata` of a call. */
export const toProviderMetadata = ({ metadata, outcomes }: Prediction): SharedV4ProviderMetadata => ({
  [PROVIDER]: toJson({ ...metadata, members: outcomes.filter(isOfMember).map(memberOf) }),
});

/**
 * Returns what an ensemble reports of its prediction, from the `providerMetadata` of a result, a step or a part of the AI SDK:
 * consensus, votes, members, costs. `undefined` if no ensemble answered.
 *
 * @example
 * ```ts
 * import { ensembleMetadata } from 'crucible-ensemble/ai-sdk';
 *
 * // In place of the result of generateText.
 * const result = { providerMetadata: { crucible: { consensus: 1, votes: { '4': 3 } } } };
 * ensembleMetadata(result.providerMetadata)?.votes; // => { 4: 3 }
 * ensembleMetadata(undefined); // => undefined
 * ```
 */
export const ensembleMetadata = (providerMetadata: unknown): EnsembleMetadata | undefined => {
  const reported = readSafely(providerMetadata, PROVIDER);
  return isObject(reported) && 'consensus' in reported ? (reported as EnsembleMetadata) : undefined;
};
