import type { Vote } from '../../domain/outcome.ts';
import { type Recount, winnerOf } from './recount.ts';

/** What becomes of the result when one vote is another or is not there. */
export interface Flip {
  readonly model: string;
  /** The place of its call in the panel, from 0. */
  readonly index: number;
  /** Whether the answer would not have won without this vote. */
  readonly ifAbsent: boolean;
  /** Whether it would not have won, had this vote been for the rival. */
  readonly ifSwitched: boolean;
}

/** An answer to switch to. */
export type Rival = Pick<Vote, 'answer' | 'key'>;

/** The same vote for another answer. */
export const switchedTo = (rival: Rival, vote: Vote): Vote => ({
  ...vote,
  answer: rival.answer,
  key: rival.key,
});

/** What each single vote decides: an election is held again without it, and another one with it changed. */
export const pivotalVotes = (
  votes: readonly Vote[],
  winner: string,
  rival: Rival | undefined,
  recount: Recount,
): Flip[] =>
  votes.flatMap((vote, place) => {
    const { model, index } = vote;
    const ifAbsent = winnerOf(recount(votes.toSpliced(place, 1))) !== winner;
    const ifSwitched =
      rival !== undefined &&
      rival.key !== vote.key &&
      winnerOf(recount(votes.with(place, switchedTo(rival, vote)))) !== winner;
    return ifAbsent || ifSwitched ? [{ model, index, ifAbsent, ifSwitched }] : [];
  });
