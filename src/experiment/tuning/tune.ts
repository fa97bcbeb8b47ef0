import { drawsFor } from '../../models/random.ts';
import { type AimMiss, missesOf } from './aim-misses.ts';
import { assess, groundsOf } from './assess.ts';
import { ballotTableInSteps } from './ballot-table.ts';
import { bestSingleOf, pluralityOf } from './baselines.ts';
import { lessonFrom } from './candidate.ts';
import type { Chooser } from './choose.ts';
import { areClasses, keysInSteps } from './classes-of.ts';
import { expectationInSteps } from './expectation.ts';
import { fitPanel } from './fitted-panel.ts';
import { foldsOf } from './folds.ts';
import type { Panel, PanelExpectation } from './panel.ts';
import { searchOf } from './search.ts';
import { type Comparison, type Option, settle } from './settle.ts';
import { subsets } from './subsets.ts';
import { checkedInSteps, type ModelCalls, type TuneAdvice, type TuneOptions } from './tune-options.ts';
import { finished, pausing, scaled } from './work.ts';

/** The result of {@link tune}. */
export interface Tuned {
  /** The chosen panel, for `fromPanel`. Its `expected` was measured on ballots that it had not learned from. */
  readonly panel: Panel;
  /** Whether the expectation meets the aim; otherwise the panel is the one that comes closest. */
  readonly isAimMet: boolean;
  /** By how much the expectation misses each bound of the aim; empty if it meets the aim. */
  readonly misses: readonly AimMiss[];
  /**
   * The best single model, chosen and measured as the panel is. If the aim is coverage, it may be the most precise one.
   */
  readonly bestSingle: PanelExpectation & { readonly model: string };
  /** The plurality of all models, measured as the panel is. If the aim is coverage, it answers only if it is sure enough. */
  readonly plurality: PanelExpectation;
  /** The best panel that was found, compared with the better of these two baselines. */
  readonly comparison: Comparison;
  /** The number of ballots that were left out because a call failed, and the failed calls of each model. */
  readonly leftOut: { readonly ballots: number; readonly failed: readonly ModelCalls[] };
  /**
   * The calls of unknown cost. They are replaced by the mean of the model's known costs; if it has none, panels are compared
   * by calls, and no cost is expected.
   */
  readonly unknownCosts: readonly ModelCalls[];
  /** The choice in each fold. If all of them differ, there are too few ballots to rank the candidates. */
  readonly choices: readonly Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>[];
  /** The number of candidates that were compared. */
  readonly compared: number;
}

/**
 * Chooses the panel that meets an aim best: its members, how their votes count, and when no more members are asked. Sends no
 * requests: it replays recorded votes, and assumes that future questions resemble these.
 *
 * It compares sets of members under every rule that can be learned from the ballots. Plurality, Wawa and Dawid–Skene do not
 * need right answers; log-odds, confusion matrices and confidences do. The panel asks its members at once, or one after the
 * other until the others cannot change the answer or the answer is probable enough. It also compares two or three cheaper
 * models that a strong model follows if they do not agree.
 *
 * The result is compared with two baselines, which are chosen and measured in the same way: the best single model, and the
 * plurality of all. If accuracy is maximized, the panel is chosen only if it is better by more than one standard error of
 * the difference on the same questions, or if it is no worse and cheaper. Otherwise the baseline is chosen; `comparison` has
 * the difference.
 *
 * Candidates are tried on ballots that they were not learned from. `panel.expected` is corrected for the luck of the best of
 * many panels: the choice is repeated without parts of the ballots, and its estimates are compared with the results on these
 * parts. Equal options make equal choices. Takes seconds for a thousand ballots and nine models.
 *
 * Source: nested cross-validation, Varma and Simon, Bias in error estimation when using cross-validation for model selection
 * (2006); the one-standard-error rule of Breiman and others (1984), with the variance of Nadeau and Bengio (2003).
 *
 * @throws {ConfigError} that lists every fault of the options, such as ballots that leave models out.
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
  return finished(tuning(options));
};

/** As {@link tune}, in steps: yields the share of the work that is done, so that a caller can show it, and stop. */
export function* tuning(options: TuneOptions, advice?: TuneAdvice): Generator<number, Tuned> {
  const { ballots, aim, models, folds, seed, prices, schedules, maxSubsets, failed, leftOut } =
    yield* pausing(0, checkedInSteps(options, advice));
  const table = yield* pausing(0, ballotTableInSteps(ballots, models, prices));
  const lesson = lessonFrom(table, Array.from(table.rows.keys()));
  yield 0;
  const outer = yield* pausing(0, foldsOf(table, lesson.rows, folds, `tune/${seed}/outer`));
  const ground = { lesson, folds: outer };
  const grounds = yield* pausing(0, groundsOf(table, ground, seed));
  const option = function* (choose: Chooser, from: number, to: number): Generator<number, Option> {
    const assessed = yield* scaled(assess(table, grounds, choose), from, to);
    const expected = yield* pausing(to, expectationInSteps(table, assessed.evidence));
    return { ...assessed, expected };
  };
  const keys = yield* pausing(0, keysInSteps(ballots));
  const traits = { areClasses: areClasses(keys), hasConfidences: table.hasConfidences };
  yield 0;
  const sets = subsets(models.length, maxSubsets, drawsFor(`tune/${seed}/subsets`));
  const search = searchOf(table, { aim, schedules, subsets: sets, traits });
  const single = yield* option(bestSingleOf(table, aim), 0, 0.05);
  const plurality = yield* option(pluralityOf(table, { aim, schedules }), 0.05, 0.1);
  const found = yield* option(search, 0.1, 1);
  yield 1;
  const { chosen, comparison } = settle(table, aim, found, [
    ['bestSingle', single],
    ['plurality', plurality],
  ]);
  const { expected, recipe, choices } = chosen;
  const fitted = yield* pausing(1, fitPanel(table, recipe, lesson));
  const misses = missesOf(aim, expected);
  return {
    panel: {
      format: 'crucible-ensemble/panel',
      version: 1,
      ...fitted,
      expected,
      tuned: { aim, ballots: ballots.length, folds, seed },
    },
    isAimMet: misses.length === 0,
    misses,
    bestSingle: { model: models[single.recipe.candidate.members[0] ?? 0] ?? '', ...single.expected },
    plurality: plurality.expected,
    comparison,
    leftOut: { ballots: leftOut, failed },
    unknownCosts: models.flatMap((model, place) => {
      const calls = table.unknownCosts[place] ?? 0;
      return calls === 0 ? [] : [{ model, calls }];
    }),
    choices,
    compared: found.compared,
  };
}
