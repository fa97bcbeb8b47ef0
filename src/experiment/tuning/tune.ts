import { drawsFor } from '../../models/random.ts';
import { reading } from '../../options.ts';
import type { Estimate } from '../statistics/interval.ts';
import { type AimMiss, missesOf } from './aim-misses.ts';
import { ballotTable } from './ballot-table.ts';
import { lessonFrom } from './candidate.ts';
import { type ChoiceOptions, choose } from './choose.ts';
import { areClasses, keysIn } from './classes-of.ts';
import { crossValidate } from './cross-validation.ts';
import { expectationOf, heldOutShare, sumOf } from './expectation.ts';
import { fitPanel } from './fitted-panel.ts';
import { foldsOf } from './folds.ts';
import { mostAccurate, pluralityRight, rehearse } from './held-out.ts';
import type { Panel } from './panel.ts';
import { subsets } from './subsets.ts';
import { checkedTune, type TuneOptions } from './tune-options.ts';
import { scaled } from './work.ts';

/** The result of {@link tune}. */
export interface Tuned {
  /** The chosen panel, for `fromPanel`. Its `expected` was measured on ballots that it had not learned from. */
  readonly panel: Panel;
  /** Whether the expectation meets the aim; otherwise the panel is the one that comes closest. */
  readonly isAimMet: boolean;
  /** By how much the expectation misses each bound of the aim; empty if it meets the aim. */
  readonly misses: readonly AimMiss[];
  /** The most accurate single model, chosen and measured on the same folds. */
  readonly bestSingle: { readonly model: string; readonly accuracy: Estimate };
  /** The plurality of all models, in their order, on the same ballots. */
  readonly plurality: { readonly accuracy: Estimate };
  /** The choice in each fold. If all of them differ, there are too few ballots to tell the candidates apart. */
  readonly choices: readonly Pick<Panel, 'members' | 'voter' | 'execution' | 'acceptFrom'>[];
  /** The number of candidates that were compared. */
  readonly compared: number;
}

/**
 * Chooses the panel that meets an aim best: its members, how their votes count, and when no more members are asked. Sends no
 * requests: it replays recorded votes, and assumes that future questions resemble these.
 *
 * It compares sets of members under every rule that can be learned from the ballots. Plurality, Wawa and Dawid–Skene do not
 * need right answers; log-odds, confusion matrices and confidences do. The members are asked at once, or one after the
 * other until the rest cannot matter or the answer is probable enough. It also compares two or three cheaper models that a
 * strong model follows if they do not agree. Each single model is a candidate, so if accuracy is maximized the choice is not
 * worse than the best one, as far as the ballots can tell.
 *
 * Candidates are tried on ballots that they were not learned from. `panel.expected` is that of the chosen panel, corrected by
 * what the same choice promises too much when it is repeated without parts of the ballots, so it is not the luckiest of many
 * numbers. Equal options make equal choices.
 * Takes seconds for a thousand ballots and nine models.
 *
 * Source: nested cross-validation, Varma and Simon, Bias in error estimation when using cross-validation for
 * model selection (2006); the one-standard-error rule of Breiman and others (1984).
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
  const steps = tuning(options);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
};

/** As {@link tune}, in steps: yields the share of the work that is done, so that a caller can show it, and stop. */
export function* tuning(options: TuneOptions): Generator<number, Tuned> {
  const { ballots, aim, models, folds, seed, prices, schedules, maxSubsets } = reading('tune', () =>
    checkedTune(options),
  );
  const table = ballotTable(ballots, models, prices);
  const choice: ChoiceOptions = {
    aim,
    seed,
    schedules,
    subsets: subsets(models.length, maxSubsets, drawsFor(`tune/${seed}/subsets`)),
    traits: { areClasses: areClasses(keysIn(ballots)), hasConfidences: table.hasConfidences },
  };
  const lesson = lessonFrom(table, Array.from(table.rows.keys()));
  const parts = foldsOf(table, lesson.rows, folds, `tune/${seed}/outer`);
  const share = 1 / (folds + 1);
  const { recipe, compared } = yield* scaled(choose(table, { lesson, folds: parts }, choice), 0, share);
  const rehearsal = yield* scaled(rehearse(table, parts, choice), share, 1);
  const chosen = crossValidate(table, recipe, parts);
  const expected = expectationOf(table, { ...rehearsal, chosen, folds: parts });
  const misses = missesOf(aim, expected);
  return {
    panel: {
      format: 'crucible-ensemble/panel',
      version: 1,
      ...fitPanel(table, recipe, lesson),
      expected,
      tuned: { aim, ballots: ballots.length, folds, seed },
    },
    isAimMet: misses.length === 0,
    misses,
    bestSingle: {
      model: models[mostAccurate(lesson)] ?? '',
      accuracy: heldOutShare(sumOf(rehearsal.singleRight), ballots.length),
    },
    plurality: { accuracy: heldOutShare(pluralityRight(table), ballots.length) },
    choices: rehearsal.choices,
    compared,
  };
}
