import type { LabelledBallot } from './labelled-ballot.ts';
import { sampleOf, type VoteSample } from './vote-sample.ts';

/**
 * Estimates the number of answers to choose from by how often wrong votes agree: if each picked one of K - 1 wrong answers
 * at random, two of them would agree once in K - 1 times. At least 2. (The inverse of Simpson's index of concentration,
 * 1949.)
 */
export const effectiveChoices = (ballots: Iterable<Pick<LabelledBallot, 'votes' | 'rightKeys'>>): number =>
  choicesIn(sampleOf(Array.from(ballots, ({ votes, rightKeys }) => ({ votes, rightKeys }))));

/** Estimates the number of answers to choose from in a sample. */
export const choicesIn = ({ ballots }: Pick<VoteSample, 'ballots'>): number => {
  let pairs = 0;
  let agreeing = 0;
  for (const { votes, isRight } of ballots) {
    let wrong = 0;
    for (const [answer, count] of votes.counts.entries()) {
      if (isRight[answer]) continue;
      wrong += count;
      agreeing += (count * (count - 1)) / 2;
    }
    pairs += (wrong * (wrong - 1)) / 2;
  }
  return pairs === 0 ? 2 : Math.max(2, 1 + (pairs + 2) / (agreeing + 1));
};
