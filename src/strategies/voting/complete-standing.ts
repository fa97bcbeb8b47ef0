import { kindOf, returned } from '../../domain/foreign.ts';
import { isObject } from '../../domain/is-object.ts';
import type { Vote } from '../../domain/outcome.ts';
import type { Standing } from '../../domain/voter.ts';
import { conviction } from './conviction.ts';

/** Whether a value is a consensus. A caller's own voter may return anything. */
const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;

/** What a caller's own voter must return. */
const aStanding = (value: unknown): string | undefined => {
  if (!isObject(value) || !isObject(Reflect.get(value, 'votes'))) return '{ answer, consensus, votes }';
  const consensus: unknown = Reflect.get(value, 'consensus');
  return isShare(consensus) ? undefined : `a consensus from 0 to 1, not ${kindOf(consensus)}`;
};

/** Whether a standing needs no completion, as that of every voter of this library. */
export const isComplete = (standing: Standing): boolean =>
  standing?.total !== undefined && isShare(standing.consensus);

/** Checks the standing of a caller's own voter, and fills in the members that it left out. */
export const completeStanding = (
  value: unknown,
  cast: readonly Vote[],
  keyOf: (answer: unknown) => string,
): Standing => {
  const standing = returned(value, aStanding) as Standing;
  const counts = Object.values(standing.votes).sort((a, b) => b - a);
  const key = standing.answer === undefined ? undefined : keyOf(returned(standing.answer));
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
