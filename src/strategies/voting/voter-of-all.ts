import { internal } from '../../domain/internal.ts';
import { inPanelOrder, type Vote } from '../../domain/outcome.ts';
import type { Standing, Voter, VoterTraits } from '../../domain/voter.ts';

/**
 * A voter that counts all votes again for each standing, in panel order. Any vote can change its result, so that no result is
 * decided before the last.
 *
 * @param undecidedBecause why, in words.
 * @param traits what else is known of it.
 */
export const voterOfAll = (
  name: string,
  undecidedBecause: string,
  tallyOf: (votes: readonly Vote[]) => Omit<Standing, 'margin'>,
  traits: VoterTraits = {},
): Voter => {
  const voter: Voter<Vote[]> = {
    name,
    init: () => [],
    add(votes, vote) {
      votes.push(vote);
      return votes;
    },
    tally: (votes) => ({ ...tallyOf(inPanelOrder(votes)), margin: 0 }),
    [internal]: { undecidedBecause, ...traits },
  };
  return voter as Voter;
};
