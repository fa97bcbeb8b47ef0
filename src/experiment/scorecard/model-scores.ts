import type { Outcome } from '../../domain/outcome.ts';
import { shareEstimate } from '../statistics/share-estimate.ts';
import type { ModelScore } from './scorecard.ts';

/** Counts how often each model was right, call by call. */
export const modelScores = () => {
  const counts = new Map<string, { votes: number; right: number }>();
  return {
    /** Adds the calls of a question. If the right key is not known, votes are not counted. */
    add(outcomes: readonly Outcome[], rightKey: string | undefined): void {
      for (const outcome of outcomes) {
        const count = counts.get(outcome.model) ?? { votes: 0, right: 0 };
        counts.set(outcome.model, count);
        if (outcome.status !== 'answered' || rightKey === undefined) continue;
        count.votes += 1;
        if (outcome.key === rightKey) count.right += 1;
      }
    },
    scores: (): readonly ModelScore[] =>
      Array.from(counts, ([model, { votes, right }]) => ({
        model,
        votes,
        right,
        accuracy: shareEstimate(right, votes),
      })),
  };
};
