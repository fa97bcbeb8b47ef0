import { isObject } from '../../domain/is-object.ts';
import { quotedName } from '../../domain/quoting.ts';
import { seedCheck } from '../../models/random.ts';
import {
  between,
  type Check,
  checked,
  faultsOf,
  ofType,
  reading,
  recordFaults,
  refuse,
  required,
  type Spec,
  type Specs,
  shown,
  suchThat,
  wholeNumber,
} from '../../options.ts';
import { MOST_TOUCHED } from '../left-out.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import type { Aim, PanelExecution } from './panel.ts';
import { modelsIn } from './vote-counts.ts';
import { pausingEach } from './work.ts';

const share: Check = between(0, 1);
const amount: Check = between(0, Number.MAX_VALUE);
const goal: Check = ofType('string');

const aims: Readonly<Record<string, Readonly<Record<string, Spec>>>> = {
  'maximize accuracy': { maximize: goal, maxCostUsd: amount, maxCalls: amount },
  'minimize cost': { minimize: goal, minAccuracy: required(share) },
  'maximize coverage': { maximize: goal, minPrecision: required(share) },
};

const aimFaults = (aim: unknown): readonly string[] => {
  const { maximize, minimize } = Object(aim) as Partial<Record<'maximize' | 'minimize', unknown>>;
  const specs =
    aims[minimize === undefined ? `maximize ${String(maximize)}` : `minimize ${String(minimize)}`];
  if (isObject(aim) && specs !== undefined) return faultsOf('tune.aim', aim, specs);
  return [
    "tune: option \"aim\" must be { maximize: 'accuracy' }, { minimize: 'cost', minAccuracy } or " +
      `{ maximize: 'coverage', minPrecision }, but got ${shown(aim)}`,
  ];
};

/** JSON has neither maps nor sets, so a ballot that was stored as JSON is not valid. */
const isBallot = (value: unknown): boolean => {
  const { votes, rightKeys } = Object(value) as Partial<LabelledBallot>;
  return votes instanceof Map && rightKeys instanceof Set;
};

const isSchedule = (name: unknown): boolean => name === 'parallel' || name === 'sequential';

const isFilledArray = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length > 0;

const specs = {
  ballots: required(
    suchThat(
      'an array of ballots with a Map "votes" and a Set "rightKeys", and not empty',
      (value) => isFilledArray(value) && value.every(isBallot),
    ),
  ),
  aim: () => undefined,
  models: suchThat(
    'an array of different ids that is not empty',
    (value) => isFilledArray(value) && new Set(value).size === value.length,
  ),
  folds: [wholeNumber(2), 5],
  seed: [seedCheck, 0],
  prices: [ofType('object'), {}],
  schedules: [
    suchThat(
      "an array of 'parallel' and 'sequential'",
      (value) => isFilledArray(value) && value.every(isSchedule),
    ),
    ['parallel', 'sequential'],
  ],
  maxSubsets: [wholeNumber(1), 511],
} as const satisfies Specs<TuneOptions>;

/** What to do about faults that callers remove in different ways: with options, or with flags and files. */
export interface TuneAdvice {
  /** If there are too few ballots. */
  readonly few: string;
  /** If a model was not asked. */
  readonly missing: string;
  /** If too many calls of a model failed. */
  readonly failed: string;
  /** If a cost is bounded and unknown. */
  readonly cost: string;
}

/** The advice for callers of `tune`. */
const optionAdvice: TuneAdvice = {
  few: 'add ballots',
  missing: 'set "models" to the other models, or remove these ballots',
  failed: 'make these calls again, or set "models" to the other models',
  cost: 'add it to "prices", or use "maxCalls" instead',
};

/** With fewer ballots, a fold has so few that cross-validation tells nothing. */
const LEAST_BALLOTS = 20;
const LEAST_IN_FOLD = 4;

const fewFaults = (count: number, folds: number, advice: TuneAdvice): readonly string[] => {
  const least = Math.max(LEAST_BALLOTS, LEAST_IN_FOLD * folds);
  return count >= least
    ? []
    : [
        `tune: ${folds} folds need at least ${least} questions with a right answer, but there are ${count}, too few to compare panels: ${advice.few}`,
      ];
};

const missingFaults = (
  count: number,
  missing: readonly ModelCalls[],
  advice: TuneAdvice,
): readonly string[] =>
  missing.map(
    ({ model, calls }) =>
      `tune: every ballot must have a vote of each model, but ${calls} of ${count} have none of ` +
      `${quotedName(model)}: ${advice.missing}`,
  );

/** A number of calls of a model. */
export interface ModelCalls {
  readonly model: string;
  readonly calls: number;
}

const failedFaults = (
  count: number,
  complete: number,
  failed: readonly ModelCalls[],
  advice: TuneAdvice,
): readonly string[] =>
  count - complete <= MOST_TOUCHED * count
    ? []
    : failed.map(
        ({ model, calls }) =>
          `tune: ${calls} of ${count} calls of ${quotedName(model)} failed, so its answers are not known; at most ` +
          `${100 * MOST_TOUCHED} % of the questions may be left out, but ${count - complete} would be: ${advice.failed}`,
      );

const costFaults = (
  { ballots, aim, models, prices }: Required<TuneOptions>,
  advice: TuneAdvice,
): readonly string[] => {
  if (!('maxCostUsd' in aim) || aim.maxCostUsd === undefined) return [];
  const unknown = models.filter(
    (model) =>
      !Object.hasOwn(prices, model) && ballots.every(({ votes }) => votes.get(model)?.costUsd === undefined),
  );
  return unknown.map(
    (model) =>
      `tune: the aim limits the cost, but the cost of ${quotedName(model)} is unknown: ${advice.cost}`,
  );
};

/** Complete options, with the ballots of which the answer of every model is known. */
export interface CheckedTune extends Required<TuneOptions> {
  readonly failed: readonly ModelCalls[];
  /** The ballots that are left out because a call failed. */
  readonly leftOut: number;
}

/** Checks and completes the options of `tune`, with pauses. */
export function* checkedInSteps(options: TuneOptions, advice?: TuneAdvice): Generator<unknown, CheckedTune> {
  try {
    return yield* checking(options, advice);
  } catch (error) {
    return reading('tune', () => {
      throw error;
    });
  }
}

function* checking(options: TuneOptions, advice = optionAdvice): Generator<unknown, CheckedTune> {
  const given = checked('tune', options, specs, [
    ...aimFaults(options?.aim),
    ...recordFaults('tune.prices', options?.prices, amount),
  ]);
  const { aim } = options;
  const { folds } = given;
  yield;
  const models = given.models ?? modelsIn(given.ballots);
  yield;
  const [failures, gaps] = [models.map(() => 0), models.map(() => 0)];
  const ballots: LabelledBallot[] = [];
  yield* pausingEach(given.ballots, (ballot) => {
    let hasFailed = false;
    for (const [place, model] of models.entries()) {
      const vote = ballot.votes.get(model);
      if (vote === undefined && !ballot.votes.has(model)) gaps[place] = (gaps[place] ?? 0) + 1;
      if (!vote?.hasFailed) continue;
      failures[place] = (failures[place] ?? 0) + 1;
      hasFailed = true;
    }
    if (!hasFailed) ballots.push(ballot);
  });
  const callsOf = (counts: readonly number[]): readonly ModelCalls[] =>
    models.map((model, place) => ({ model, calls: counts[place] ?? 0 })).filter(({ calls }) => calls > 0);
  const failed = callsOf(failures);
  const completed = { ...given, aim, models, ballots };
  const count = given.ballots.length;
  const failedByModel = failedFaults(count, ballots.length, failed, advice);
  refuse([
    ...failedByModel,
    ...fewFaults(failedByModel.length > 0 ? count : ballots.length, folds, advice),
    ...missingFaults(count, callsOf(gaps), advice),
    ...costFaults(completed, advice),
  ]);
  return { ...completed, failed, leftOut: count - ballots.length };
}

/** Options of {@link tune}. */
export interface TuneOptions {
  /**
   * The votes and the right answers: at least 20, and four for each fold; better hundreds. A ballot with a call that failed
   * is left out, up to 5 % of them.
   */
  readonly ballots: readonly LabelledBallot[];
  /** The aim of the panel. */
  readonly aim: Aim;
  /** The models that may be members. Default: all models that voted. */
  readonly models?: readonly string[];
  /** The number of parts for cross-validation: each part tests what was learned from the others. Default 5, at least 2. */
  readonly folds?: number;
  /** The random seed by which ballots are dealt. Default 0. */
  readonly seed?: number | string;
  /** The cost of a call, in USD, by model id, for calls without a recorded cost. */
  readonly prices?: Readonly<Record<string, number>>;
  /**
   * The schedules that may be chosen. `parallel` asks all members at once and is fast; `sequential` asks no more than
   * necessary and is cheap. Default: both.
   */
  readonly schedules?: readonly PanelExecution['schedule'][];
  /** The maximum number of sets of members that are compared; of more, a sample is. Default 511, at least 1. */
  readonly maxSubsets?: number;
}
