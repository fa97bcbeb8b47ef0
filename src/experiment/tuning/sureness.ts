import type { Standing } from '../../domain/voter.ts';

/** The part of a standing that says how sure its answer is. */
type Measured = Pick<Standing, 'consensus' | 'confidence' | 'leadingVote' | 'lead' | 'total' | 'margin'>;

/** How sure the leading answer is, 0..1, and how far votes can change that. */
export interface Sureness {
  readonly of: (standing: Pick<Measured, 'consensus' | 'confidence' | 'leadingVote'>) => number;
  /**
   * The votes that must be added before the sureness of the final answer can be on the other side of a threshold. Never
   * too high.
   */
  readonly margin: (standing: Measured, threshold: number, pending: number) => number;
}

/** Computed margins are lowered by this, because they are compared with sums of whole billionths. */
const ROUNDING = 1e-9;

/** A probability is rounded to about this. */
const PRECISION = 1e-15;

/** By the share of the votes: votes for others lower it, and votes for the leader raise it most. */
export const byConsensus: Sureness = {
  of: ({ consensus }) => consensus,
  margin({ consensus, lead = 0, total = 0 }, threshold) {
    if (threshold === 0) return Number.POSITIVE_INFINITY;
    if (consensus >= threshold) return lead / threshold - total - ROUNDING;
    const missing = threshold * total - lead;
    return missing <= 0 ? 0 : missing / (1 - threshold) - ROUNDING;
  },
};

/** The odds against an event, with the doubt that is left by rounding. */
const oddsAgainst = (probability: number): number => 1 / probability - 1;

/** By the probability that the voter computes. A weight of `w` changes the odds by a factor of at most `exp(w)`. */
const byProbability = (newcomers: (standing: Measured, pending: number) => number): Sureness => ({
  of: ({ confidence = 0 }) => confidence,
  margin(standing, threshold, pending) {
    const { confidence = 0, margin = 0 } = standing;
    if (threshold === 0) return Number.POSITIVE_INFINITY;
    if (confidence === 0) return 0;
    if (confidence >= threshold) {
      const against = oddsAgainst(confidence) + PRECISION + newcomers(standing, pending);
      return Math.log(oddsAgainst(threshold) / against) - ROUNDING;
    }
    // An answer without a vote may be more probable than the leader, and a vote would make it the leader.
    const most = confidence * Math.exp(Math.max(0, -margin));
    return Math.log(oddsAgainst(most) / (oddsAgainst(threshold) + PRECISION)) - ROUNDING;
  },
});

/** By the probability of log-odds: a pending vote may also be for an answer that is not among those counted so far. */
export const byLogOdds: Sureness = byProbability(({ lead = 0 }, pending) => pending * Math.exp(-lead));

/**
 * By the probability of confusion matrices. With strays, a pending vote may be for one that has no vote yet; it is no more
 * probable than all rivals together, nor than the first of them.
 */
export const byClasses = (withOther: boolean): Sureness =>
  byProbability(({ confidence = 0, margin = 0 }, pending) =>
    withOther ? pending * Math.min(oddsAgainst(confidence), Math.exp(-margin)) : 0,
  );

/** By the confidence of the leading vote, which the next vote may exceed. */
export const byOwnConfidence: Sureness = {
  of: ({ leadingVote }) => leadingVote?.confidence ?? 0,
  margin: () => 0,
};
