import { drawsFor } from '../../models/random.ts';
import { bound, checked, suchThat, wholeNumber } from '../../options.ts';
import { effectiveChoices } from '../tuning/effective-choices.ts';
import type { LabelledBallot } from '../tuning/labelled-ballot.ts';
import { independentPlurality } from './independent-reliability.ts';
import type { Estimate } from './interval.ts';
import { momentsOf } from './mean-interval.ts';
import { howManyPanels, panelsOf } from './panels-of.ts';
import { pluralityShare, type Slip, slipOf } from './plurality-slip.ts';
import { seedCheck } from './seed.ts';

/** Options of {@link reliabilityCurve}. */
export interface ReliabilityCurveOptions {
  /** The models that panels are made of. Default: all that are in the ballots, in the order of their appearance. */
  readonly models?: readonly string[];
  /** How many panels of each size are looked at, at most; of more, as many are drawn. From 1. Default 1000. */
  readonly maxPanels?: number;
  /** Draws other panels, where not all are looked at. Default 0. */
  readonly seed?: number | string;
  /**
   * How many answers a question has to choose from, from 2, or `Infinity`: for `ifIndependent`. Default: as many
   * as the wrong votes of the ballots look like, by how often two of them agree.
   */
  readonly choices?: number;
}

/** One panel and how good it is. */
export interface PanelAccuracy {
  readonly models: readonly string[];
  readonly accuracy: number;
}

/** What panels of one size are worth. */
export interface ReliabilityPoint {
  /** How many members a panel has. */
  readonly size: number;
  /** How many panels were looked at, and whether that is all there are. */
  readonly panels: number;
  readonly isExhaustive: boolean;
  /**
   * How often the plurality is right, on average over the panels, 0..1; the interval is for other questions, at
   * 95 %. Left out for fewer than two questions.
   */
  readonly accuracy: Estimate | undefined;
  /** The best and the worst panel, on these questions: on others the best will be worse. */
  readonly best: PanelAccuracy;
  readonly worst: PanelAccuracy;
  /** What the accuracy would be if the same models erred independently, 0..1. */
  readonly ifIndependent: number;
}

/** What is gained by larger panels. */
export interface ReliabilityCurve {
  readonly models: readonly string[];
  readonly questions: number;
  /** How many answers `ifIndependent` takes a question to have; `undefined` where none ever coincide. */
  readonly choices: number | undefined;
  /** From panels of one model to the panel of all. */
  readonly points: readonly ReliabilityPoint[];
}

/**
 * How reliability grows with the size of a panel: the accuracy of a plurality vote of every panel that can be made
 * of the models, or of a draw of them, beside what it would be if errors were independent. The distance between
 * the two is what errors in common cost; where the curve is flat, further members are wasted. Costs no calls.
 *
 * Several leading answers are each the winner in equal parts, so that the order of the models does not matter; a
 * model that did not answer does not vote. Time grows with panels × questions: 10 models and 1000 questions take
 * a fraction of a second.
 *
 * @throws {ConfigError} for options that are none.
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
  const slips = known.map((ballot) => slipOf(ballot, models));
  const members = models.map((_, model) => ({
    accuracy: shareOf(slips, ({ picks, isRight }) => isRight[picks[model] ?? -1] === true),
    abstention: shareOf(slips, ({ picks }) => picks[model] === -1),
  }));
  const plurality = independentPlurality(choices);
  const draw = drawsFor(`panels/${seed}`);
  const points = models.map((_, before): ReliabilityPoint => {
    const size = before + 1;
    const panels = panelsOf({ models: models.length, size, maxPanels, draw });
    const judged = judge(panels, slips);
    const named = (panel: readonly number[], accuracy: number): PanelAccuracy => ({
      models: panel.map((model) => models[model] ?? ''),
      accuracy,
    });
    const inOrder = panels
      .map((panel, index) => named(panel, judged.accuracies[index] ?? 0))
      .sort((a, b) => b.accuracy - a.accuracy);
    const noPanel = named([], 0);
    const independent = panels.map((panel) => plurality(panel.flatMap((model) => members[model] ?? [])));
    return {
      size,
      panels: panels.length,
      isExhaustive: panels.length === howManyPanels(models.length, size),
      accuracy: judged.accuracy,
      best: inOrder[0] ?? noPanel,
      worst: inOrder.at(-1) ?? noPanel,
      ifIndependent: independent.reduce((sum, chance) => sum + chance, 0) / panels.length,
    };
  });
  return {
    models,
    questions: slips.length,
    choices: choices === Number.POSITIVE_INFINITY ? undefined : choices,
    points,
  };
};

const modelsIn = (ballots: readonly LabelledBallot[]): readonly string[] => [
  ...new Set(ballots.flatMap(({ votes }) => [...votes.keys()])),
];

const shareOf = (slips: readonly Slip[], holds: (slip: Slip) => boolean): number =>
  slips.length === 0 ? 0 : slips.filter(holds).length / slips.length;

/** How often each panel is right, and all together, question by question. */
const judge = (panels: readonly number[][], slips: readonly Slip[]) => {
  const right = panels.map(() => 0);
  const moments = momentsOf();
  for (const slip of slips) {
    let together = 0;
    for (const [index, panel] of panels.entries()) {
      const share = pluralityShare(slip, panel);
      together += share;
      right[index] = (right[index] ?? 0) + share;
    }
    moments.add(together / panels.length);
  }
  const estimate = moments.estimate();
  return {
    accuracies: right.map((sum) => (slips.length === 0 ? 0 : sum / slips.length)),
    accuracy: estimate && {
      ...estimate,
      low: Math.max(0, estimate.low),
      high: Math.min(1, estimate.high),
    },
  };
};
