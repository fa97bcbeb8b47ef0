import { isObject } from '../../domain/is-object.ts';
import { quotedName } from '../../domain/quoting.ts';
import { seedCheck } from '../../models/random.ts';
import {
  between,
  type Check,
  checked,
  faultsOf,
  ofType,
  recordFaults,
  refuse,
  required,
  type Spec,
  type Specs,
  shown,
  suchThat,
  wholeNumber,
} from '../../options.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import type { Aim, PanelExecution } from './panel.ts';
import { modelsIn } from './vote-counts.ts';

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

const missingFaults = (ballots: readonly LabelledBallot[], models: readonly string[]): readonly string[] =>
  models.flatMap((model) => {
    const missing = ballots.filter(({ votes }) => !votes.has(model)).length;
    return missing === 0
      ? []
      : [
          `tune: every ballot must have a vote of each model, but ${missing} of ${ballots.length} have none of ` +
            `${quotedName(model)}: set "models" to the other models, or remove these ballots`,
        ];
  });

const costFaults = ({ ballots, aim, models, prices }: Required<TuneOptions>): readonly string[] => {
  if (!('maxCostUsd' in aim) || aim.maxCostUsd === undefined) return [];
  const unknown = models.filter(
    (model) =>
      !Object.hasOwn(prices, model) && ballots.every(({ votes }) => votes.get(model)?.costUsd === undefined),
  );
  return unknown.map(
    (model) =>
      `tune: option "aim" has a maxCostUsd, but the cost of ${quotedName(model)} is unknown: add it to "prices"`,
  );
};

/** Checks and completes the options of `tune`. */
export const checkedTune = (options: TuneOptions): Required<TuneOptions> => {
  const given = checked('tune', options, specs, [
    ...aimFaults(options?.aim),
    ...recordFaults('tune.prices', options?.prices, amount),
  ]);
  const { aim } = options;
  const { ballots, folds } = given;
  const completed = { ...given, aim, models: given.models ?? modelsIn(ballots) };
  refuse([
    ...(ballots.length < 2 * folds
      ? [
          `tune: option "ballots" must have at least two for each of the ${folds} folds, but has ${ballots.length}: ` +
            'add ballots, or set "folds" lower',
        ]
      : []),
    ...missingFaults(ballots, completed.models),
    ...costFaults(completed),
  ]);
  return completed;
};

/** Options of {@link tune}. */
export interface TuneOptions {
  /** The votes and the right answers: at least two ballots for each fold, better hundreds. */
  readonly ballots: readonly LabelledBallot[];
  /** The aim of the panel. */
  readonly aim: Aim;
  /** The models that may be members. Default: all models that voted. */
  readonly models?: readonly string[];
  /** The number of parts that the ballots are dealt into; each is used to test what the others taught. Default 5, from 2 on. */
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
  /** The most sets of members that are compared; of more, a sample is. Default 511, from 1 on. */
  readonly maxSubsets?: number;
}
