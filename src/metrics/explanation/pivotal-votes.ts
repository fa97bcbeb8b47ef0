import { answerKey } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';
import { type Recount, winnerOf } from './recount.ts';

/** The effect on the result if one vote is changed or removed. */
export interface Flip {
  readonly model: string;
  /** The position of its call in the panel, from 0. */
  readonly index: number;
  /** Whether the answer would not have won without this vote. */
  readonly ifAbsent: boolean;
  /** Whether the answer would not have won if this vote had been for the rival. */
  readonly ifSwitched: boolean;
}

/** The answer that a changed vote is for. */
export type Rival = Pick<Vote, 'answer' | 'key'>;

/** The votes to test, the key of the winner, and the answer that a changed vote is for. */
export interface PivotalQuestion {
  readonly votes: readonly Vote[];
  readonly winner: string;
  readonly rival: Rival;
  readonly recount: Recount;
}

/** Returns the same vote for another answer. */
export const switchedTo = (rival: Rival, vote: Vote): Vote => ({
  ...vote,
  answer: rival.answer,
  key: rival.key,
});

/**
 * The votes that decide the result each by itself, found by counting once without each vote and once with it changed.
 */
export const pivotalVotes = ({ votes, winner, rival, recount }: PivotalQuestion): Flip[] =>
  votes.flatMap((vote, place) => {
    const { model, index } = vote;
    const ifAbsent = winnerOf(recount(votes.toSpliced(place, 1))) !== winner;
    const ifSwitched =
      rival.key !== vote.key && winnerOf(recount(votes.with(place, switchedTo(rival, vote)))) !== winner;
    return ifAbsent || ifSwitched ? [{ model, index, ifAbsent, ifSwitched }] : [];
  });

const otherThan = (answer: unknown): unknown => {
  switch (typeof answer) {
    case 'number':
      return answer + 1;
    case 'bigint':
      return answer + 1n;
    case 'boolean':
      return !answer;
    case 'string':
      return `not ${answer}`;
    default:
      return {};
  }
};

/** Returns an answer of the same type that no member gave, for a panel that agrees on one answer. */
export const dissentFrom = (answer: unknown): Rival => {
  const other = otherThan(answer);
  return { answer: other, key: answerKey(other) };
};
