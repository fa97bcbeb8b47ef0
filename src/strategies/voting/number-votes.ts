import type { Vote } from '../../domain/outcome.ts';
import type { Standing, Voter } from '../../domain/voter.ts';
import { voterOfAll } from './voter-of-all.ts';

/** A vote for a number. */
type NumberVote = Vote<number>;

const isNumberVote = (vote: Vote): vote is NumberVote =>
  typeof vote.answer === 'number' && Number.isFinite(vote.answer);

/**
 * A voter whose answer is worked out of all numbers that were voted for. The consensus is the share of the votes that are
 * within a distance of it. A vote for no number is for none.
 *
 * @param centerOf the answer, of numbers in ascending order, of which there is at least one.
 */
export const numberVoter = (
  name: string,
  within: number,
  centerOf: (numbers: readonly number[]) => number,
): Voter =>
  voterOfAll(name, 'every number can change the result', (votes) => {
    // Sorting is stable, so that equal numbers stay in panel order.
    const counted = votes.filter(isNumberVote).sort((a, b) => a.answer - b.answer);
    const counts = new Map<string, number>();
    for (const { key } of votes) counts.set(key, (counts.get(key) ?? 0) + 1);
    const standing =
      counted.length === 0
        ? none
        : standingAt(centerOf(counted.map(({ answer }) => answer)), counted, within);
    const { lead = 0 } = standing;
    return {
      ...standing,
      consensus: votes.length === 0 ? 0 : lead / votes.length,
      votes: Object.fromEntries(counts),
      runnerUp: votes.length - lead,
      total: votes.length,
    };
  });

const none: Pick<Standing, 'answer' | 'leadingVote' | 'lead'> = {
  answer: undefined,
  leadingVote: undefined,
  lead: 0,
};

const standingAt = (answer: number, votes: readonly NumberVote[], within: number): typeof none => ({
  answer,
  // The first in the panel that says it; most often there is one.
  leadingVote: votes.find((vote) => vote.answer === answer),
  lead: votes.filter((vote) => Math.abs(vote.answer - answer) <= within).length,
});
