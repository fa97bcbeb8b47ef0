import type { LogOddsOptions } from '../../strategies/voting/log-odds.ts';
import { effectiveChoices } from './effective-choices.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import { modelAccuracies } from './model-accuracies.ts';

/**
 * What {@link logOdds} needs to know of each model, learned from votes on questions whose right answer is
 * known: how often it is right, `(right + 1) / (votes + 2)`, and how many answers there are to choose from,
 * to judge by how wrong votes fall together.
 *
 * @example
 * ```ts
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
export const fitLogOdds = (ballots: readonly LabelledBallot[]): Required<LogOddsOptions> => ({
  accuracies: modelAccuracies(ballots),
  choices: effectiveChoices(ballots),
});
