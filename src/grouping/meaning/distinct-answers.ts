import { answerText } from '../../domain/answer-key.ts';
import type { Vote } from '../../domain/outcome.ts';

/** An answer and the votes for it, in panel order. */
export interface DistinctAnswer {
  readonly text: string;
  readonly votes: readonly Vote[];
}

/** Returns the different answers of votes in the order of the panel, in any order of arrival. */
export const distinctAnswers = (votes: readonly Vote[]): readonly DistinctAnswer[] =>
  [...Map.groupBy(votes.toSorted(byPlace), ({ key }) => key).values()].map((same) => ({
    text: answerText(same[0]?.answer),
    votes: same,
  }));

/** Samples of one model have one place. */
const byPlace = (a: Vote, b: Vote): number =>
  a.index - b.index || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
