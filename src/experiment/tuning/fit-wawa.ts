import { reading } from '../../options.ts';
import type { UnlabelledBallot } from './labelled-ballot.ts';
import { byModel } from './model-accuracies.ts';
import { labelledByMajority, sampleOf, type VoteSample, voteCounts } from './vote-sample.ts';

/**
 * Learns a weight for each model, 0..1, for {@link weighted}, without right answers: the share of its votes that agree with
 * the majority ("worker agreement with aggregate"). In a tie, the answer of the first model counts as the majority.
 *
 * @example
 * ```ts
 * import { fitWawa } from 'crucible-ensemble/experiment';
 *
 * const ballots = [
 *   { votes: new Map([['a', { key: '4' }], ['b', { key: '4' }], ['c', { key: '5' }]]) },
 *   { votes: new Map([['a', { key: '6' }], ['b', { key: '6' }], ['c', { key: '6' }]]) },
 * ];
 * fitWawa(ballots); // => { a: 1, b: 1, c: 0.5 }
 * ```
 */
export const fitWawa = (ballots: readonly UnlabelledBallot[]): Readonly<Record<string, number>> =>
  reading('fitWawa', () => fitWawaTo(sampleOf(ballots)));

/** As {@link fitWawa}, for a sample. */
export const fitWawaTo = (sample: VoteSample): Readonly<Record<string, number>> => {
  const { votes, right } = voteCounts(labelledByMajority(sample));
  return byModel(
    sample,
    right.map((count, model) => (votes[model] === 0 ? 0 : count / (votes[model] ?? 0))),
  );
};
