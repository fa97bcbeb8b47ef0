import type { LabelledBallot } from './labelled-ballot.ts';
import { weightsByKey } from './vote-counts.ts';

/**
 * Estimates the number of answers to choose from by how often wrong votes agree: if each picked one of K - 1 wrong answers
 * at random, two of them would agree once in K - 1 times. At least 2. (The inverse of Simpson's index of concentration,
 * 1949.)
 */
export const effectiveChoices = (ballots: Iterable<Pick<LabelledBallot, 'votes' | 'rightKeys'>>): number => {
  let pairs = 0;
  let agreeing = 0;
  for (const { votes, rightKeys } of ballots) {
    const counts = Array.from(weightsByKey(votes, () => 1))
      .filter(([key]) => !rightKeys.has(key))
      .map(([, count]) => count);
    const wrong = counts.reduce((sum, count) => sum + count, 0);
    pairs += (wrong * (wrong - 1)) / 2;
    for (const count of counts) agreeing += (count * (count - 1)) / 2;
  }
  return pairs === 0 ? 2 : Math.max(2, 1 + (pairs + 2) / (agreeing + 1));
};
