import { answerKey } from '../../domain/answer-key.ts';
import { kindOf, returned } from '../../domain/foreign.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Standing } from '../../domain/voter.ts';
import { conviction } from './conviction.ts';

/** Whether a value is a consensus. A caller's own voter may return anything. */
export const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;

/** Fills in the members that a caller's own voter left out of its standing. */
export const completeStanding = (standing: Standing, cast: readonly Vote[]): Standing => {
  const counts = Object.values(standing.votes).sort((a, b) => b - a);
  if (!isShare(standing.consensus)) {
    throw new RangeError(`consensus must be a number from 0 to 1, but is ${kindOf(standing.consensus)}`);
  }
  const key = standing.answer === undefined ? undefined : answerKey(returned(standing.answer));
  const lead = (key !== undefined && Object.hasOwn(standing.votes, key) && standing.votes[key]) || 0;
  const [first = 0, second = 0] = counts;
  return {
    leadingVote: cast
      .filter((vote) => vote.key === key)
      .reduce<Vote | undefined>((a, b) => (a === undefined || conviction(b, a) > 0 ? b : a), undefined),
    lead,
    runnerUp: lead === first ? second : first,
    total: counts.reduce((sum, count) => sum + count, 0),
    margin: 0,
    ...standing,
  };
};
