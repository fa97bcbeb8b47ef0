import { drawsFor } from '../../models/random.ts';
import { refuse } from '../../options.ts';
import type { Estimate } from '../statistics/interval.ts';
import { ballotTable } from './ballot-table.ts';
import { lessonFrom } from './candidate.ts';
import { type ChoiceOptions, choose } from './choose.ts';
import { expectationOf, heldOutShare } from './expectation.ts';
import { chosenPanel, mostAccurate, pluralityRight, tryHeldOut } from './held-out.ts';
import type { Panel } from './panel.ts';
import { traitsOf } from './rules.ts';
import { subsets } from './subsets.ts';
import type { TuneOptions } from './tune-faults.ts';
import { modelsIn, tuneFaults } from './tune-faults.ts';

/** What {@link tune} chose, and what it was chosen from. */
export interface Tuned {
  /** What `fromPanel` makes an ensemble of. Its `expected` was measured on ballots that it had not learned from. */
  readonly panel: Panel;
  /** Whether the aim is met, to judge by cross-validation; otherwise this is what comes nearest. */
  readonly isAimMet: boolean;
  /** The most accurate single model, chosen and measured on the same folds. */
  readonly bestSingle: { readonly model: string; readonly accuracy: Estimate };
  /** The plurality of all models, in their order, on the same ballots. */
  readonly plurality: { readonly accuracy: Estimate };
  /** What was chosen in each fold: if these are all different, there are too few ballots to tell them apart. */
  readonly choices: readonly Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>[];
  /** How many candidates were compared. */
  readonly compared: number;
}

/**
 * The panel that serves an aim best, chosen on evidence: its members, how their votes count, and when to stop
 * asking. Asks nothing: it replays recorded votes, and takes it that questions to come are like these.
 *
 * Compared are sets of members, under every rule that can be learned from the ballots (plurality, Wawa and
 * Dawid–Skene without the right answers; log-odds, confusion matrices and confidences with them), asked at once
 * or one after the other until the rest cannot matter or the answer is probable enough; and two or three cheaper
 * models with a strong one for when they do not agree. Each single model is among them, so where accuracy is
 * maximized the choice is not worse than the best one, as far as the ballots can tell.
 *
 * Whatever is learned is tried on ballots that it was not learned from. What `panel.expected` says was measured
 * around the whole choice once more, on ballots that took no part in it, so it is not the best of many lucky
 * numbers. The same options make the same choice. Takes seconds for a thousand ballots and nine models.
 *
 * Source: nested cross-validation, Varma and Simon, Bias in error estimation when using cross-validation for
 * model selection (2006); the one-standard-error rule of Breiman and others (1984).
 *
 * @throws {ConfigError} listing every fault of the options, such as ballots that leave models out.
 *
 * @example
 * ```ts
 * import { tune } from 'crucible-ensemble/experiment';
 *
 * // One model that is right, and two that mostly say no.
 * const ballots = Array.from({ length: 60 }, (_, index) => {
 *   const right = index % 2 === 0 ? 'yes' : 'no';
 *   return {
 *     id: `${index}`,
 *     rightKeys: new Set([right]),
 *     votes: new Map([
 *       ['careful', { key: index % 10 === 0 ? 'no' : right }],
 *       ['naysayer', { key: index % 6 === 0 ? 'yes' : 'no' }],
 *       ['denier', { key: 'no' }],
 *     ]),
 *   };
 * });
 * const { panel, bestSingle, plurality } = tune({ ballots, aim: { maximize: 'accuracy' } });
 * bestSingle.model; // => 'careful'
 * plurality.accuracy.value < panel.expected.accuracy.value; // => true
 * ```
 */
export const tune = (options: TuneOptions): Tuned => {
  refuse(tuneFaults(options));
  const { ballots, aim, folds = 5, seed = 0, prices = {}, maxSubsets = 511 } = options;
  const models = options.models ?? modelsIn(ballots);
  const table = ballotTable(ballots, models, prices);
  const choice: ChoiceOptions = {
    aim,
    folds,
    seed,
    schedules: options.schedules ?? ['parallel', 'sequential'],
    subsets: subsets(models.length, maxSubsets, drawsFor(`tune/${seed}/subsets`)),
    traits: traitsOf(ballots, table.hasConfidences),
  };
  const everything = ballots.map((_, row) => row);
  const lesson = lessonFrom(table, everything);
  const { compared, ...selection } = choose(table, everything, choice);
  const trials = tryHeldOut(table, everything, choice);
  return {
    panel: {
      format: 'crucible-ensemble/panel',
      version: 1,
      ...chosenPanel(selection, table, lesson),
      expected: expectationOf(table, trials),
      tuned: { aim, ballots: ballots.length, folds, seed },
    },
    isAimMet: selection.isAimMet,
    bestSingle: {
      model: models[mostAccurate(lesson)] ?? '',
      accuracy: heldOutShare(
        trials.singleRight.reduce((sum, right) => sum + right, 0),
        ballots.length,
      ),
    },
    plurality: { accuracy: heldOutShare(pluralityRight(table), ballots.length) },
    choices: trials.choices,
    compared,
  };
};
