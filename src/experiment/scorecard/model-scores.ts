import type { Outcome } from '../../domain/outcome.ts';
import { shareEstimate } from '../statistics/share-estimate.ts';
import type { ModelScore } from './scorecard.ts';

/** How often each model was right, call by call. */
export const modelScores = () => {
  const counts = new Map<string, { votes: number; right: number }>();
  return {
    /** Without a right key, what was said cannot be judged. */
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
