import { reading } from '../../options.ts';
import type { LogOddsOptions } from '../../strategies/voting/log-odds.ts';
import { choicesIn } from './effective-choices.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { accuraciesIn } from './model-accuracies.ts';
import { sampleOf, type VoteSample } from './vote-sample.ts';

/**
 * Learns the options of {@link logOdds} from votes on questions with a known right answer: the accuracy of each model,
 * `(right + 1) / (votes + 2)`, and the number of answers to choose from, by how often wrong votes agree.
 *
 * @example
 * ```ts
 * import { logOdds } from 'crucible-ensemble';
 * import { fitLogOdds } from 'crucible-ensemble/experiment';
 *
 * const ballots = ['4', '4', '5', '4'].map((key, index) => ({
 *   id: `${index}`,
 *   rightKeys: new Set(['4']),
 *   votes: new Map([['a', { key }], ['b', { key: '4' }]]),
 * }));
 * const options = fitLogOdds(ballots);
 * options.accuracies.a?.toFixed(3); // => '0.667'
 * options.accuracies.b?.toFixed(3); // => '0.833'
 * logOdds(options).name; // => 'logOdds'
 * ```
 */
export const fitLogOdds = (ballots: readonly LabelledBallot[]): Required<LogOddsOptions> =>
  reading('fitLogOdds', () => fitLogOddsTo(sampleOf(ballots)));

/** As {@link fitLogOdds}, for a sample. */
export const fitLogOddsTo = (sample: VoteSample): Required<LogOddsOptions> => ({
  accuracies: accuraciesIn(sample),
  choices: choicesIn(sample),
});
