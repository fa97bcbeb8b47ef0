import { toRecord } from '../../domain/record.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { isRightKey, type VoteCount, voteCounts } from './vote-counts.ts';

/**
 * Estimates how often a vote of a model is right, 0..1: Laplace's rule of succession, so that a few right votes do not mean
 * certainty.
 */
export const accuracyOf = ({ right, votes }: VoteCount): number => (right + 1) / (votes + 2);

/** Estimates how often the vote of each model is right. Abstentions do not count. */
export const modelAccuracies = (ballots: readonly LabelledBallot[]): Readonly<Record<string, number>> =>
  toRecord(voteCounts(ballots, isRightKey), accuracyOf);
