import { between, type Check, faultsOf, ofType, oneOf, shown, wholeNumber } from '../../options.ts';
import type { LabelledBallot } from './labelled-ballot.ts';
import type { Aim, PanelExecution } from './panel.ts';

const share: Check = between(0, 1);
const amount: Check = between(0, Number.MAX_VALUE);

const aims: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  accuracy: { maximize: ofType('string'), maxCostUsd: amount, maxCalls: amount },
  cost: { minimize: ofType('string'), minAccuracy: share },
  coverage: { maximize: ofType('string'), minPrecision: share },
};

const bounds: Readonly<Record<string, string>> = { cost: 'minAccuracy', coverage: 'minPrecision' };

const aimFaults = (aim: unknown): readonly string[] => {
  if (typeof aim !== 'object' || aim === null) {
    return [`tune: option "aim" must be such as { maximize: 'accuracy' }, but got ${shown(aim)}`];
  }
  const [maximized, minimized] = [Reflect.get(aim, 'maximize'), Reflect.get(aim, 'minimize')];
  const goal =
    minimized === 'cost' ? 'cost' : maximized === 'accuracy' || maximized === 'coverage' ? maximized : '';
  const checks = aims[goal];
  if (checks === undefined) {
    return [
      "tune: option \"aim\" must be { maximize: 'accuracy' }, { minimize: 'cost', minAccuracy } or " +
        "{ maximize: 'coverage', minPrecision }",
    ];
  }
  const bound = bounds[goal];
  return [
    ...faultsOf('tune.aim', aim, checks),
    ...(bound !== undefined && Reflect.get(aim, bound) === undefined
      ? [`tune.aim: option "${bound}" must be given`]
      : []),
  ];
};

/** JSON has neither maps nor sets: what was kept in it is no ballot any more. */
const isBallot = (value: unknown): boolean => {
  const { votes, rightKeys } = Object(value) as Partial<LabelledBallot>;
  return votes instanceof Map && rightKeys instanceof Set;
};

const checks: Readonly<Record<string, Check>> = {
  ballots: oneOf(
    [],
    'an array of ballots with a Map "votes" and a Set "rightKeys", and not empty',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isBallot),
  ),
  aim: () => undefined,
  models: oneOf(
    [],
    'an array of different ids that is not empty',
    (value) => Array.isArray(value) && value.length > 0 && new Set(value).size === value.length,
  ),
  folds: wholeNumber(2),
  seed: oneOf([], 'a number or a text', (value) => ['number', 'string'].includes(typeof value)),
  prices: ofType('object'),
  schedules: oneOf(
    [],
    "an array of 'parallel' and 'sequential'",
    (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((name) => name === 'parallel' || name === 'sequential'),
  ),
  maxSubsets: wholeNumber(1),
};

/** Who votes in ballots, in the order of their first votes. */
export const modelsIn = (ballots: readonly LabelledBallot[]): string[] =>
  Array.from(new Set(ballots.flatMap(({ votes }) => Array.from(votes.keys()))));

const missingFaults = (ballots: readonly LabelledBallot[], models: readonly string[]): readonly string[] =>
  models.flatMap((model) => {
    const missing = ballots.filter(({ votes }) => !votes.has(model)).length;
    return missing === 0
      ? []
      : [
          `tune: every ballot must say what each model answered, but ${missing} of ${ballots.length} leave out ` +
            `${shown(model)}; name the others as option "models", or leave those ballots out`,
        ];
  });

const costFaults = (
  { ballots, aim, prices = {} }: TuneOptions,
  models: readonly string[],
): readonly string[] => {
  if (!('maxCostUsd' in aim) || aim.maxCostUsd === undefined) return [];
  const unknown = models.filter(
    (model) =>
      !Object.hasOwn(prices, model) && ballots.every(({ votes }) => votes.get(model)?.costUsd === undefined),
  );
  return unknown.map(
    (model) =>
      `tune: option "aim" has a maxCostUsd, but nothing says what ${shown(model)} costs; give "prices"`,
  );
};

/** What is wrong with the options of `tune`. */
export const tuneFaults = (options: TuneOptions): readonly string[] => {
  const faults = [
    ...faultsOf('tune', options, checks),
    ...(options?.ballots === undefined ? ['tune: option "ballots" must be given'] : []),
    ...aimFaults(options?.aim),
  ];
  if (faults.length > 0) return faults;
  const { ballots, folds = 5, prices = {}, models = modelsIn(ballots) } = options;
  return [
    ...(ballots.length < 2 * folds
      ? [
          `tune: option "ballots" must have at least two for each of the ${folds} folds, but has ${ballots.length}`,
        ]
      : []),
    ...faultsOf(
      'tune.prices',
      prices,
      Object.fromEntries(Object.keys(prices).map((model) => [model, amount])),
    ),
    ...missingFaults(ballots, models),
    ...costFaults(options, models),
  ];
};

/** Options of {@link tune}. */
export interface TuneOptions {
  /** Who voted how, and what is right: at least two ballots for each fold, better hundreds. */
  readonly ballots: readonly LabelledBallot[];
  /** What is to be got out of the panel. */
  readonly aim: Aim;
  /** The models that may be members. Default: all that voted. */
  readonly models?: readonly string[];
  /** The parts that the ballots are dealt into: what is learned from all others is tried on each. Default 5. */
  readonly folds?: number;
  /** Deals the ballots in another way. Default 0. */
  readonly seed?: number | string;
  /** What a call costs, in USD, by the id of its model, where that was not recorded. */
  readonly prices?: Readonly<Record<string, number>>;
  /**
   * `parallel` asks all members at once and is fast; `sequential` asks no more than it needs and is cheap.
   * Default: both may be chosen.
   */
  readonly schedules?: readonly PanelExecution['schedule'][];
  /** How many sets of members are compared: all there are, up to this; else a sample. Default 511. */
  readonly maxSubsets?: number;
}
