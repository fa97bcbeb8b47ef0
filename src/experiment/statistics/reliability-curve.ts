import { drawsFor, seedCheck } from '../../models/random.ts';
import { bound, checked, reading, suchThat, wholeNumber } from '../../options.ts';
import { type NumberedBallot, numbered } from '../tuning/ballot-table.ts';
import { effectiveChoices } from '../tuning/effective-choices.ts';
import type { LabelledBallot } from '../tuning/labelled-ballot.ts';
import { modelsIn } from '../tuning/vote-counts.ts';
import { independentPlurality } from './independent-reliability.ts';
import type { Estimate } from './interval.ts';
import { momentsOf } from './mean-interval.ts';
import { combinationCount, panelsOf } from './panels-of.ts';
import { pluralityShare } from './plurality-share.ts';

/** Options of {@link reliabilityCurve}. */
export interface ReliabilityCurveOptions {
  /** The models to form panels of. Default: all models of the ballots, in order of appearance. */
  readonly models?: readonly string[];
  /** The largest number of panels of each size, from 1; if there are more, they are drawn at random. Default 1000. */
  readonly maxPanels?: number;
  /** Seed of the random draw of panels. Default 0. */
  readonly seed?: number | string;
  /**
   * The number of possible answers, from 2, or `Infinity`, for `ifIndependent`. Default: estimated from how often two
   * wrong votes of the ballots are equal.
   */
  readonly choices?: number;
}

/** A panel and its accuracy. */
export interface PanelAccuracy {
  readonly models: readonly string[];
  readonly accuracy: number;
}

/** The accuracy of panels of one size. */
export interface ReliabilityPoint {
  /** The number of members of a panel. */
  readonly size: number;
  /** The number of panels evaluated; `isExhaustive` if these are all. */
  readonly panels: number;
  readonly isExhaustive: boolean;
  /**
   * The mean accuracy of the plurality over the panels, 0..1. The 95 % interval accounts for the choice of questions.
   * `undefined` if there are fewer than two questions.
   */
  readonly accuracy: Estimate | undefined;
  /** The best panel on these questions; on other questions it will be less accurate. */
  readonly best: PanelAccuracy;
  /** The worst panel on these questions. */
  readonly worst: PanelAccuracy;
  /** The expected accuracy if the same models erred independently, 0..1. */
  readonly ifIndependent: number;
}

/** Accuracy by size of panel. */
export interface ReliabilityCurve {
  readonly models: readonly string[];
  readonly questions: number;
  /** The number of possible answers assumed for `ifIndependent`; `undefined` if no two wrong votes are equal. */
  readonly choices: number | undefined;
  /** From panels of one model to the panel of all models. */
  readonly points: readonly ReliabilityPoint[];
}

/**
 * Shows how accuracy grows with the size of a panel: the accuracy of a plurality vote of every panel that the models can
 * form, or of a random draw of panels. It also has the expected accuracy for independent errors. The difference of the two
 * is the cost of common errors; if the curve is flat, more members do not help. Makes no calls.
 *
 * If several answers lead, each wins in equal parts, so the order of the models does not matter. A model without an answer
 * does not vote. Time grows with panels × questions: 10 models and 1000 questions take a fraction of a second.
 *
 * @throws {ConfigError} if an option is invalid.
 *
 * @example
 * ```ts
 * import { reliabilityCurve } from 'crucible-ensemble/experiment';
 *
 * // Three models, each wrong on a third of the questions that is its own.
 * const ballots = ['0', '1', '2'].map((id, question) => ({
 *   id,
 *   rightKeys: new Set(['right']),
 *   votes: new Map(['a', 'b', 'c'].map((model, index) => [model, { key: index === question ? 'wrong' : 'right' }])),
 * }));
 * const { points } = reliabilityCurve(ballots);
 * points.map(({ size, panels, accuracy }) => [size, panels, accuracy?.value.toFixed(2)]);
 * // => [[1, 3, '0.67'], [2, 3, '0.67'], [3, 1, '1.00']]
 * points.map(({ ifIndependent }) => ifIndependent.toFixed(2)); // => ['0.67', '0.67', '0.74']
 * ```
 */
export const reliabilityCurve = (
  ballots: Iterable<LabelledBallot>,
  options: ReliabilityCurveOptions = {},
): ReliabilityCurve => {
  return reading('reliabilityCurve', () => {
    const known = [...ballots];
    const {
      maxPanels,
      seed,
      models = modelsIn(known),
      choices = Math.round(effectiveChoices(known)),
    } = checked('reliabilityCurve', options, {
      models: suchThat('an array of model ids', Array.isArray),
      maxPanels: [wholeNumber(1), 1000],
      seed: [seedCheck, 0],
      choices: bound(2),
    });
    const rows = known.map((ballot) => numbered(ballot, models));
    const members = models.map((_, model) => ({
      accuracy: shareOf(rows, ({ answers, isRight }) => isRight[answers[model] ?? -1] === true),
      abstention: shareOf(rows, ({ answers }) => answers[model] === -1),
    }));
    const plurality = independentPlurality(choices);
    const draw = drawsFor(`panels/${seed}`);
    const points = models.map((_, before): ReliabilityPoint => {
      const size = before + 1;
      const panels = panelsOf({ models: models.length, size, maxPanels, draw });
      const judged = judge(panels, rows);
      const inOrder = panels
        .map((panel, index) => ({
          models: panel.map((model) => models[model] ?? ''),
          accuracy: judged.accuracies[index] ?? 0,
        }))
        .sort((a, b) => b.accuracy - a.accuracy);
      const independent = panels.map((panel) => plurality(panel.flatMap((model) => members[model] ?? [])));
      return {
        size,
        panels: panels.length,
        isExhaustive: panels.length === combinationCount(models.length, size),
        accuracy: judged.accuracy,
        best: inOrder[0] as PanelAccuracy,
        worst: inOrder.at(-1) as PanelAccuracy,
        ifIndependent: independent.reduce((sum, chance) => sum + chance, 0) / panels.length,
      };
    });
    return {
      models,
      questions: rows.length,
      choices: choices === Number.POSITIVE_INFINITY ? undefined : choices,
      points,
    };
  });
};

const shareOf = (rows: readonly NumberedBallot[], holds: (row: NumberedBallot) => boolean): number =>
  rows.length === 0 ? 0 : rows.filter(holds).length / rows.length;

/** The accuracy of each panel, and the mean over all panels with its interval. */
const judge = (panels: readonly number[][], rows: readonly NumberedBallot[]) => {
  const right = panels.map(() => 0);
  const moments = momentsOf();
  for (const row of rows) {
    let together = 0;
    for (const [index, panel] of panels.entries()) {
      const share = pluralityShare(row, panel);
      together += share;
      right[index] = (right[index] ?? 0) + share;
    }
    moments.add(together / panels.length);
  }
  const estimate = moments.estimate();
  return {
    accuracies: right.map((sum) => (rows.length === 0 ? 0 : sum / rows.length)),
    accuracy: estimate && {
      ...estimate,
      low: Math.max(0, estimate.low),
      high: Math.min(1, estimate.high),
    },
  };
};
