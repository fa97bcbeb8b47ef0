import { answerKey } from '../../domain/answer-key.ts';
import type { CallAccount, Outcome, Vote } from '../../domain/outcome.ts';
import type { Prediction } from '../../domain/prediction.ts';
import type { Recount } from './recount.ts';

/** What one call did for the answer that won. */
export interface Contribution
  extends Pick<CallAccount, 'model' | 'index' | 'latencyMs' | 'costUsd' | 'costSource'> {
  /** `partly` where the voting strategy took some of its answer, as `fieldwise` does; `absent` without a vote. */
  readonly stance: 'for' | 'partly' | 'against' | 'absent';
  /** What it voted for, as votes are counted. */
  readonly key: string | undefined;
  /** How many votes, or how much weight, it added to the winner; `undefined` where that is not known. */
  readonly support: number | undefined;
  /** Its share of all that the winner has, 0..1; `undefined` where that is not known, or the winner has 0. */
  readonly share: number | undefined;
  /** The confidence of its vote, 0..1, where it gave one. */
  readonly confidence: number | undefined;
  /** Why there is no vote: the reason of an abstention, the name of an error, `deadline` or `cancelled`. */
  readonly absence: string | undefined;
}

/** What votes are added to: the keys that one answer has in a count, and how many votes are under them. */
export interface Side {
  readonly keys: readonly string[];
  readonly total: number | undefined;
}

/** The keys that one vote adds something to; its own also where it weighs nothing. */
const keysOf = ({ key }: Pick<Vote, 'key'>, votes: Readonly<Record<string, number>>): string[] =>
  Object.keys(votes).filter((name) => name === key || (votes[name] ?? 0) > 0);

/** Most strategies count an answer under its own key; `fieldwise` has several for one answer. */
export const sideOf = (
  answer: unknown,
  counted: Readonly<Record<string, number>>,
  [vote]: readonly Vote[],
  recount: Recount | undefined,
): Side => {
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

/** What each call did for the winner, in the order of the panel. */
export const contributionsTo = (
  side: Side,
  { answer, outcomes, metadata }: Prediction,
  recount: Recount | undefined,
): Contribution[] => {
  const winner = answerKey(answer);
  // A vote adds to an answer what that answer has when the vote is the only one.
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
  // A strategy that counts families of models, say, has a total that is no sum over its votes.
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
