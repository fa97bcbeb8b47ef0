import {
  type Aim,
  type Estimate,
  type LabelledBallot,
  labelledBallots,
  meanInterval,
  type PanelExpectation,
  tune,
  wilsonInterval,
} from '../../src/experiment/experiment.ts';
import { deal } from '../../src/experiment/tuning/folds.ts';
import { majority, type Normalizer } from '../../src/index.ts';
import type { Recording } from './evaluate.ts';
import { recount } from './recount.ts';
import { type Answered, runPanel } from './run-panel.ts';

/** The figures of a panel that are promised and delivered. */
export const figures = ['accuracy', 'precision', 'coverage', 'calls', 'costUsd'] as const;

/** The name of a figure. */
export type Figure = (typeof figures)[number];

/** What the panels of one split promise, and what they deliver on the questions that they were tuned without. */
export interface Kept {
  /** Means over the folds. */
  readonly expected: Estimate;
  /** Over all questions, each answered by the panel that was tuned without it. */
  readonly delivered: number;
  readonly isWithin: boolean;
  /** The folds whose own figure lies within the interval of its panel, with the sampling error of the fold added. */
  readonly foldsWithin: number;
}

/** The right answers of the tuned panels and of their baselines to the same questions, each chosen without them. */
export interface Beside extends Readonly<Record<Baseline | 'tuned', number>> {
  /** How often the panel is right and the baseline is not, or the other way round. */
  readonly differing: Readonly<Record<Baseline, number>>;
}

/** The name of a baseline. */
export type Baseline = 'bestSingle' | 'plurality';

/** One aim on one recording, over some random splits. */
export interface AimPromise {
  readonly recording: string;
  readonly questions: number;
  readonly aim: Aim;
  readonly splits: readonly Readonly<Partial<Record<Figure, Kept>>>[];
  /** For each question, the sums over the splits; only if accuracy is maximized. */
  readonly beside: readonly Beside[];
}

/** The number of parts of each split. */
export const FOLDS = 5;

/** Fewer sets of members than by default, for speed. */
const MAX_SUBSETS = 64;

/** The bounds of the aims, near what the models of each recording reach. */
const bounds: Readonly<Record<string, { readonly minAccuracy: number; readonly minPrecision: number }>> = {
  'gsm8k-zeroeval-8peers': { minAccuracy: 0.9, minPrecision: 0.97 },
  'farel-8models': { minAccuracy: 0.85, minPrecision: 0.95 },
  'mmlu-pro-9models-2k': { minAccuracy: 0.7, minPrecision: 0.85 },
  'prime-llmdrift-4models': { minAccuracy: 0.8, minPrecision: 0.95 },
};

/** Returns the three aims for a recording. */
const aimsFor = (name: string): readonly Aim[] => {
  const { minAccuracy, minPrecision } = bounds[name] ?? { minAccuracy: 0.8, minPrecision: 0.9 };
  return [
    { maximize: 'accuracy' },
    { minimize: 'cost', minAccuracy },
    { maximize: 'coverage', minPrecision },
  ];
};

/** What one fold promises, and its answers. */
interface FoldRun {
  readonly expected: PanelExpectation;
  readonly held: readonly number[];
  readonly answered: readonly Answered[];
  readonly bestSingle: string;
}

/** Tunes on all folds but one, and runs the panel on that one; for each fold of a split. */
const runFolds = async (
  recording: Recording,
  ballots: readonly LabelledBallot[],
  aim: Aim,
  split: number,
): Promise<FoldRun[]> => {
  const dealt = deal(Array.from(ballots.keys()), FOLDS, `split/${split}`);
  const runs: FoldRun[] = [];
  for (const held of dealt) {
    const learned = dealt.filter((part) => part !== held).flat();
    const { panel, bestSingle } = tune({
      ballots: learned.flatMap((place) => ballots[place] ?? []),
      aim,
      seed: split,
      maxSubsets: MAX_SUBSETS,
    });
    const answered = await runPanel(recording, panel, held, ballots);
    runs.push({ expected: panel.expected, held, answered, bestSingle: bestSingle.model });
  }
  return runs;
};

/** The rows that a figure is a mean of, and their values. */
const valuesOf = (figure: Figure, answered: readonly Answered[]): readonly (number | undefined)[] => {
  switch (figure) {
    case 'accuracy':
      return answered.map(({ isRight }) => Number(isRight));
    case 'precision':
      return answered.filter(({ isGiven }) => isGiven).map(({ isRight }) => Number(isRight));
    case 'coverage':
      return answered.map(({ isGiven }) => Number(isGiven));
    case 'calls':
      return answered.map(({ calls }) => calls);
    case 'costUsd':
      return answered.map(({ costUsd }) => costUsd);
  }
};

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a rounding error may make of a figure at the end of its interval. */
const ROUNDING = 1e-9;

/** Whether a figure of few questions lies within an interval, with the sampling error of these questions added. */
const isWithinSampling = (figure: Figure, expected: Estimate, values: readonly number[]): boolean => {
  if (values.length < 2) return true;
  const delivered = mean(values);
  const n = values.length;
  const sampled =
    figure === 'calls' || figure === 'costUsd'
      ? (meanInterval(values) ?? expected)
      : wilsonInterval(delivered * n, n);
  const side = (of: 'low' | 'high'): number => Math.abs(expected[of] - expected.value);
  const [own, error] =
    delivered < expected.value
      ? [side('low'), sampled.high - delivered]
      : [side('high'), delivered - sampled.low];
  return Math.abs(delivered - expected.value) <= Math.hypot(own, error) + ROUNDING;
};

const keptOf = (figure: Figure, runs: readonly FoldRun[]): Kept | undefined => {
  const promised = runs.flatMap(({ expected }) => expected[figure] ?? []);
  const values = runs.map(({ answered }) =>
    valuesOf(figure, answered).filter((value) => value !== undefined),
  );
  const all = values.flat();
  if (promised.length < runs.length || all.length === 0) return undefined;
  const expected = {
    value: mean(promised.map(({ value }) => value)),
    low: mean(promised.map(({ low }) => low)),
    high: mean(promised.map(({ high }) => high)),
  };
  const delivered = mean(all);
  const isWithin = delivered >= expected.low - ROUNDING && delivered <= expected.high + ROUNDING;
  const foldsWithin = promised.filter((one, fold) =>
    isWithinSampling(figure, one, values[fold] ?? []),
  ).length;
  return { expected, delivered, isWithin, foldsWithin };
};

/** Reads each text once, because every panel reads the same ones. */
const remembering = (normalize: Normalizer): Normalizer => {
  const read = new Map<string, ReturnType<Normalizer>>();
  return (text, context) => {
    if (!read.has(text)) read.set(text, normalize(text, context));
    return read.get(text);
  };
};

/** Adds the result of one split to a sum. */
const plus = (
  sum: Beside | undefined,
  { tuned, bestSingle, plurality }: Omit<Beside, 'differing'>,
): Beside => ({
  tuned: (sum?.tuned ?? 0) + tuned,
  bestSingle: (sum?.bestSingle ?? 0) + bestSingle,
  plurality: (sum?.plurality ?? 0) + plurality,
  differing: {
    bestSingle: (sum?.differing.bestSingle ?? 0) + Math.abs(tuned - bestSingle),
    plurality: (sum?.differing.plurality ?? 0) + Math.abs(tuned - plurality),
  },
});

/** Adds up the right answers of the panels and of their baselines to each question. */
const addTo = (
  sums: Map<number, Beside>,
  runs: readonly FoldRun[],
  ballots: readonly LabelledBallot[],
): void => {
  for (const { held, answered, bestSingle } of runs) {
    for (const [at, place] of held.entries()) {
      const ballot = ballots[place];
      if (ballot === undefined) continue;
      sums.set(
        place,
        plus(sums.get(place), {
          tuned: Number(answered[at]?.isRight),
          bestSingle: Number(ballot.rightKeys.has(ballot.votes.get(bestSingle)?.key ?? '')),
          plurality: Number(recount(majority(), ballot).isRight),
        }),
      );
    }
  }
};

/** Tunes for each aim on random splits of a recording, by their seeds, and compares what is expected with what is delivered. */
export const promisesOf = async (recorded: Recording, splits: readonly number[]): Promise<AimPromise[]> => {
  const recording = { ...recorded, normalization: remembering(recorded.normalization) };
  const { name, normalization, questions } = recording;
  const ballots = await Array.fromAsync(labelledBallots(questions, { normalization }));
  const promises: AimPromise[] = [];
  for (const aim of aimsFor(name)) {
    const kept: Partial<Record<Figure, Kept>>[] = [];
    const sums = new Map<number, Beside>();
    for (const split of splits) {
      const runs = await runFolds(recording, ballots, aim, split);
      if ('maximize' in aim && aim.maximize === 'accuracy') addTo(sums, runs, ballots);
      kept.push(
        Object.fromEntries(
          figures.flatMap((figure) => {
            const one = keptOf(figure, runs);
            return one === undefined ? [] : [[figure, one]];
          }),
        ),
      );
    }
    const beside = Array.from(sums)
      .toSorted(([a], [b]) => a - b)
      .map(([, sum]) => sum);
    promises.push({ recording: name, questions: ballots.length, aim, splits: kept, beside });
  }
  return promises;
};

/** The sums of both, question by question. */
const addedUp = (one: Beside, other: Beside): Beside => {
  const sum = (name: Baseline | 'tuned'): number => one[name] + other[name];
  const differing = (name: Baseline): number => one.differing[name] + other.differing[name];
  return {
    tuned: sum('tuned'),
    bestSingle: sum('bestSingle'),
    plurality: sum('plurality'),
    differing: { bestSingle: differing('bestSingle'), plurality: differing('plurality') },
  };
};

/** Joins the promises of the same recordings and aims over several splits, in the order of the splits. */
export const joinedPromises = (parts: readonly (readonly AimPromise[])[]): readonly AimPromise[] =>
  (parts[0] ?? []).map((first, place) => {
    const all = parts.flatMap((part) => part[place] ?? []);
    const beside = first.beside.map((_, question) =>
      all.flatMap((one) => one.beside[question] ?? []).reduce(addedUp),
    );
    return { ...first, splits: all.flatMap(({ splits }) => splits), beside };
  });
