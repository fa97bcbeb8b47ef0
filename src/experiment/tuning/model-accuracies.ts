import { toRecord } from '../../domain/record.ts';
import type { LabelledBallot } from './labelled-ballot.ts';

/**
 * Estimates how often the vote of each model is right, 0..1: `(right + 1) / (votes + 2)`, Laplace's rule of succession, so that
 * a few right votes do not mean certainty. Abstentions do not count.
 */
export const modelAccuracies = (ballots: readonly LabelledBallot[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, { right: number; votes: number }>();
  for (const { votes, rightKeys } of ballots) {
    for (const [model, { key }] of votes) {
      const count = counts.get(model) ?? { right: 0, votes: 0 };
      counts.set(model, count);
      if (key === undefined) continue;
      count.votes += 1;
      if (rightKeys.has(key)) count.right += 1;
    }
  }
  return toRecord(counts, ({ right, votes }) => (right + 1) / (votes + 2));
};
