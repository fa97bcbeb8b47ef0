import type { LabelledBallot } from './labelled-ballot.ts';

/**
 * Estimates the number of answers to choose from by how often wrong votes agree: if each picked one of K - 1 wrong answers
 * at random, two of them would agree once in K - 1 times. At least 2. (The inverse of Simpson's index of concentration,
 * 1949.)
 */
export const effectiveChoices = (ballots: Iterable<Pick<LabelledBallot, 'votes' | 'rightKeys'>>): number => {
  let pairs = 0;
  let agreeing = 0;
  for (const { votes, rightKeys } of ballots) {
    const counts = new Map<string, number>();
    for (const { key } of votes.values()) {
      if (key !== undefined && !rightKeys.has(key)) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const wrong = Array.from(counts.values()).reduce((sum, count) => sum + count, 0);
    pairs += (wrong * (wrong - 1)) / 2;
    for (const count of counts.values()) agreeing += (count * (count - 1)) / 2;
  }
  return pairs === 0 ? 2 : Math.max(2, 1 + (pairs + 2) / (agreeing + 1));
};
