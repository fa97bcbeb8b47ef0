import { reading } from '../../options.ts';
import { confidenceWeight } from '../../strategies/voting/confidence-weighted.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { leaderOf, weightsByKey } from './vote-counts.ts';

/** From nearly the most confident vote alone to nearly the number of votes. */
const TEMPERATURES = [0.05, 0.1, 0.2, 0.5, 1, 2, 5] as const;

/**
 * Learns the temperature with which {@link confidenceWeighted} is right most often on these ballots; of equals the highest,
 * which relies on confidences least.
 *
 * Source: the grid search of CISC, arXiv 2502.06233.
 *
 * @example
 * ```ts
 * import { confidenceWeighted } from 'crucible-ensemble';
 * import { fitTemperature } from 'crucible-ensemble/experiment';
 *
 * const ballots = [0.7, 0.8, 0.9].map((confidence, index) => ({
 *   id: `${index}`,
 *   rightKeys: new Set(['4']),
 *   votes: new Map([
 *     ['a', { key: '4', confidence }],
 *     ['b', { key: '5', confidence: 0.2 }],
 *     ['c', { key: '5', confidence: 0.1 }],
 *   ]),
 * }));
 * const temperature = fitTemperature(ballots); // => 0.5
 * confidenceWeighted({ temperature }).name; // => 'confidenceWeighted'
 * ```
 */
export const fitTemperature = (ballots: readonly LabelledBallot[]): number => {
  return reading('fitTemperature', () => {
    let best: { readonly temperature: number; readonly right: number } | undefined;
    for (const temperature of TEMPERATURES) {
      const right = ballots.filter((ballot) => isRight(ballot, temperature)).length;
      if (best === undefined || right >= best.right) best = { temperature, right };
    }
    return best?.temperature ?? 1;
  });
};

const isRight = ({ votes, rightKeys }: LabelledBallot, temperature: number): boolean => {
  const weights = weightsByKey(votes, ({ confidence }) => confidenceWeight(confidence, temperature));
  const leader = leaderOf(weights);
  return leader !== undefined && rightKeys.has(leader);
};
