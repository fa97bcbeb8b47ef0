import { toRecord } from '../../domain/record.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { sampleOf, type VoteCounts, type VoteSample, voteCounts } from './vote-sample.ts';

/**
 * Estimates how often a vote of each model is right, 0..1: Laplace's rule of succession, so that a few right votes do not
 * mean certainty.
 */
export const accuraciesOf = ({ votes, right }: VoteCounts): Float64Array =>
  right.map((count, model) => (count + 1) / ((votes[model] ?? 0) + 2));

/** Returns the figure of each model, by its id. */
export const byModel = (
  { models }: Pick<VoteSample, 'models'>,
  figures: ArrayLike<number>,
): Readonly<Record<string, number>> =>
  toRecord(new Map(models.map((model, place) => [model, figures[place] ?? 0])), (figure) => figure);

/** Estimates how often the vote of each model is right. Abstentions do not count. */
export const modelAccuracies = (ballots: readonly LabelledBallot[]): Readonly<Record<string, number>> =>
  accuraciesIn(sampleOf(ballots));

/** Estimates how often the vote of each model of a sample is right. */
export const accuraciesIn = (sample: VoteSample): Readonly<Record<string, number>> =>
  byModel(sample, accuraciesOf(voteCounts(sample)));
