import { answerKey } from '../../domain/answer-key.ts';
import type { CallAccount, Outcome, Vote } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { CountedPrediction } from './recount.ts';

/** The contribution of one call to the answer that won. */
export interface Contribution
  extends Pick<CallAccount, 'model' | 'index' | 'latencyMs' | 'costUsd' | 'costSource'> {
  /** `partly` if the voting strategy used a part of its answer, as `fieldwise` does; `absent` without a vote. */
  readonly stance: 'for' | 'partly' | 'against' | 'absent';
  /** The key of its vote, as votes are counted. */
  readonly key: string | undefined;
  /** The votes, or the weight, that it added to the winner; `undefined` if that is not known. */
  readonly support: number | undefined;
  /** Its proportion of the winner's total, 0..1; `undefined` if that is not known, or if the total is 0. */
  readonly share: number | undefined;
  /** The confidence of its vote, 0..1, if it has one. */
  readonly confidence: number | undefined;
  /** The reason for a missing vote: the reason of an abstention, the name of an error, `deadline` or `cancelled`. */
  readonly absence: string | undefined;
}

/** The keys under which a count has an answer, and the total of their votes. */
export interface Side {
  readonly keys: readonly string[];
  readonly total: number | undefined;
}

/** The keys to which one vote adds something, and its own key even if its weight is 0. */
const keysOf = ({ key }: Pick<Vote, 'key'>, votes: Readonly<Record<string, number>>): string[] =>
  Object.keys(votes).filter((name) => name === key || (votes[name] ?? 0) > 0);

/** Most strategies count an answer under its own key; `fieldwise` uses several keys for one answer. */
export const sideOf = (answer: unknown, { prediction, votes: [vote], recount }: CountedPrediction): Side => {
  const counted = prediction.metadata.votes;
  const key = answerKey(answer);
  const alone =
    vote === undefined || recount === undefined
      ? [key]
      : keysOf({ key }, recount([{ ...vote, answer, key }]).votes);
  const keys = alone.filter((name) => Object.hasOwn(counted, name));
  return {
    keys,
    total: keys.length === 0 ? undefined : keys.reduce((sum, name) => sum + (counted[name] ?? 0), 0),
  };
};

const absenceOf = (outcome: Outcome, missing: Prediction['metadata']['missing']): string | undefined => {
  switch (outcome.status) {
    case 'answered':
      return undefined;
    case 'abstained':
      return outcome.reason;
    case 'failed':
      return outcome.error.name;
    case 'cancelled':
      return missing.some(({ model, reason }) => model === outcome.model && reason === 'deadline')
        ? 'deadline'
        : 'cancelled';
  }
};

const stanceOf = (vote: Vote, winner: string, { keys }: Side, own: readonly string[]) => {
  if (keys.length === 0) return vote.key === winner ? 'for' : 'against';
  const backed = keys.filter((key) => own.includes(key)).length;
  if (backed === 0) return 'against';
  return backed === keys.length ? 'for' : 'partly';
};

/** The contribution of each call to the winner, in panel order. */
export const contributionsTo = (side: Side, { prediction, recount }: CountedPrediction): Contribution[] => {
  const { answer, outcomes, metadata } = prediction;
  const winner = answerKey(answer);
  // A vote adds to an answer what the answer has in a count of this vote alone.
  const cast = outcomes.map((outcome) => {
    if (outcome.status !== 'answered') return undefined;
    const own = recount === undefined ? { [outcome.key]: 0 } : { ...recount([outcome]).votes };
    const backed = keysOf(outcome, own);
    const support = side.keys
      .filter((key) => backed.includes(key))
      .reduce((sum, key) => sum + (own[key] ?? 0), 0);
    return { stance: stanceOf(outcome, winner, side, backed), support } as const;
  });
  const { total } = side;
  const sum = cast.reduce((all, vote) => all + (vote?.support ?? 0), 0);
  // The total is not a sum over votes if, for example, a strategy counts families of models.
  const addsUp =
    recount !== undefined && total !== undefined && Math.abs(sum - total) <= 1e-9 * Math.max(1, total);
  return outcomes.map((outcome, place) => {
    const { model, index, latencyMs, costUsd, costSource } = outcome;
    const vote = cast[place];
    const support = addsUp ? vote?.support : undefined;
    const answered = outcome.status === 'answered' ? outcome : undefined;
    return {
      model,
      index,
      latencyMs,
      costUsd,
      costSource,
      stance: vote?.stance ?? 'absent',
      key: answered?.key,
      support,
      share: support === undefined || !total ? undefined : support / total,
      confidence: answered?.confidence,
      absence: absenceOf(outcome, metadata.missing),
    };
  });
};
