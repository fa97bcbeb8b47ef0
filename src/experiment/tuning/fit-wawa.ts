import { toRecord } from '../../domain/record.ts';
import { reading } from '../../options.ts';
import type { UnlabelledBallot } from './labelled-ballot.ts';
import { isRightKey, labelledByMajority, voteCounts } from './vote-counts.ts';

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
export const fitWawa = (ballots: readonly UnlabelledBallot[]): Readonly<Record<string, number>> => {
  return reading('fitWawa', () => {
    const counts = voteCounts(labelledByMajority(ballots), isRightKey);
    return toRecord(counts, ({ right, votes }) => (votes === 0 ? 0 : right / votes));
  });
};
