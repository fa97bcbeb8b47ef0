import { createDeadline, type Deadline } from './deadline.ts';
import { UserCodeError } from './errors.ts';
import type { Execution, Schedule, StopRule } from './execution.ts';
import type { Model } from './model.ts';
import type { AnswerOf, Normalizer } from './normalizer.ts';
import { type NormalizerName, namedNormalizers } from './normalizers/normalizers.ts';
import { jsonSchemaOf } from './normalizers/schema.ts';
import { type Check, faultsOf, limitMs, ofType, oneOf, refuse, wholeNumber } from './options.ts';
import type { Pricing } from './price.ts';
import type { ModelRequest, Query } from './query.ts';
import { createReader, type Reader } from './reader.ts';
import { cascade } from './strategies/execution/cascade.ts';
import { hedged } from './strategies/execution/hedged.ts';
import { parallel } from './strategies/execution/parallel.ts';
import { sequential } from './strategies/execution/sequential.ts';
import { adaptive } from './strategies/stopping/adaptive.ts';
import { anyOf } from './strategies/stopping/any-of.ts';
import { consensus } from './strategies/stopping/consensus.ts';
import { decided } from './strategies/stopping/decided.ts';
import { firstAnswer } from './strategies/stopping/first-answer.ts';
import { never } from './strategies/stopping/never.ts';
import { bestConfidence } from './strategies/voting/best-confidence.ts';
import { fromVoteFunction } from './strategies/voting/from-vote-function.ts';
import { majority } from './strategies/voting/majority.ts';
import { unanimous } from './strategies/voting/unanimous.ts';
import { weighted } from './strategies/voting/weighted.ts';
import type { VoteFunction, Voter } from './voter.ts';

/** The executions and the voting strategies that can be asked for by name, with their defaults. */
export type ExecutionName = 'parallel' | 'sequential' | 'hedged' | 'cascade';
export type StrategyName = 'majority' | 'weighted' | 'bestConfidence' | 'unanimous';

const executions: Readonly<Record<ExecutionName, () => Execution>> = {
  parallel,
  sequential,
  hedged,
  cascade,
};
const strategies: Readonly<Record<StrategyName, () => Voter>> = {
  majority,
  weighted,
  bestConfidence,
  unanimous,
};

/** A normalizer, or the name of one. */
export type Normalization = NormalizerName | Normalizer;

/** The type of the answers that a normalization yields. */
export type AnswerFor<N extends Normalization> = N extends NormalizerName
  ? AnswerOf<(typeof namedNormalizers)[N]>
  : AnswerOf<N>;

/** Options of {@link createEnsemble}. */
export interface EnsembleOptions<N extends Normalization = Normalization> {
  /** The panel, in its order; or a function that chooses it by the query. Ids are unique within a panel. */
  readonly models: readonly Model[] | ((query: Query) => readonly Model[]);
  /** How the models are asked: a schedule and a stop rule. Default `parallel`. */
  readonly execution?: ExecutionName | Execution;
  /** How the votes are counted. Default `majority`. */
  readonly strategy?: StrategyName | Voter | VoteFunction<AnswerFor<N>>;
  /** How an answer is read out of a text. Default `lowercaseTrim`. */
  readonly normalization?: N;
  /** How long each call may take, in milliseconds; `Infinity` for no limit. Default 5000. */
  readonly timeoutMs?: number;
  /**
   * The votes below which there is no prediction. No rule ends an election before they are cast. Default:
   * half of the panel, rounded up, for `parallel`; 2 for `sequential`; 1 for `hedged` and `cascade`.
   */
  readonly minResponses?: number;
  /**
   * When to stop before all calls are heard and abort the rest: at a share of the panel's votes, 0..1;
   * once the outcome is `'decided'`; by a stop rule; or `false`. Default `false`; 1 in `stream`.
   */
  readonly earlyStop?: number | 'decided' | StopRule | false;
  /** How often each model is asked; each sample is a call and a vote of its own. Default 1. */
  readonly samples?: number;
  /** Knows what calls cost whose models only report tokens. Default: their cost is unknown. */
  readonly pricing?: Pricing;
  /** Whether an answer counts that was cut off, filtered or refused. Default `false`: it abstains. */
  readonly countUnfinished?: boolean;
}

/** Every option of {@link EnsembleOptions}, for one prediction, and a signal that ends it. */
export interface PredictOverrides<N extends Normalization = Normalization>
  extends Partial<EnsembleOptions<N>> {
  /** Aborts every call still out; the prediction then fails with `CancelledError`. */
  readonly signal?: AbortSignal | undefined;
}

/** Overrides that leave the normalization, and with it the type of the answer, as it is. */
export interface SameAnswerOverrides<Answer>
  extends Omit<PredictOverrides<Normalizer<Answer>>, 'normalization'> {
  readonly normalization?: never;
}

/** Who votes in one prediction, how the votes are counted, and how many there must be. */
export interface Ballot {
  /** The models, each as often as it is asked. */
  readonly seats: readonly Model[];
  readonly samples: number;
  readonly ids: readonly string[];
  readonly voter: Voter;
  readonly minResponses: number;
}

/** Options, checked and completed. */
export interface Settings<Answer> {
  readonly schedule: Schedule;
  readonly executionName: string;
  readonly stopRule: StopRule;
  readonly read: Reader<Answer>;
  readonly pricing: Pricing | undefined;
  readonly answerSchema: ModelRequest['answerSchema'];
  readonly deadline: Deadline;
  ballotFor(query: Query): Ballot;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** A factory in place of what it makes, `majority` for `majority()`, is a slip that would show late and oddly. */
const uncalled: readonly unknown[] = [...Object.values(strategies), adaptive, decided, firstAnswer, never];

const isCallable = (value: unknown): boolean => typeof value === 'function' && !uncalled.includes(value);

const isExecution = (value: unknown): boolean =>
  isObject(value) &&
  isCallable(Reflect.get(value, 'schedule')) &&
  ['stopWhen', 'minResponses'].every((part) => {
    const given: unknown = Reflect.get(value, part);
    return given === undefined || isCallable(given);
  });

const checks: Readonly<Record<string, Check>> = {
  models: oneOf(
    [],
    'an array of models, or a function of the query',
    (value) => Array.isArray(value) || typeof value === 'function',
  ),
  execution: oneOf(Object.keys(executions), 'or { schedule, stopWhen }, such as parallel()', isExecution),
  strategy: oneOf(
    Object.keys(strategies),
    'a voter, such as majority(), or a function of the votes',
    (value) =>
      isCallable(value) ||
      (isObject(value) &&
        ['init', 'add', 'tally'].every((part) => typeof Reflect.get(value, part) === 'function')),
  ),
  normalization: oneOf(
    Object.keys(namedNormalizers),
    'or a function of the text',
    (value) => typeof value === 'function',
  ),
  timeoutMs: limitMs,
  minResponses: wholeNumber(1),
  samples: wholeNumber(1),
  pricing: ofType('object'),
  countUnfinished: ofType('boolean'),
  earlyStop: oneOf(
    ['decided'],
    'a share from 0 to 1, a stop rule such as decided(), or false',
    (value) =>
      value === false || (typeof value === 'number' && value >= 0 && value <= 1) || isCallable(value),
  ),
};

/** What {@link PredictOverrides} have besides. */
const overrideChecks: Readonly<Record<string, Check>> = { ...checks, signal: ofType('object') };

const panelFaults = (owner: string, models: readonly Model[]): string[] => {
  if (!Array.isArray(models)) return [`${owner} must be an array of models`];
  if (models.length === 0) return [`${owner}: option "models" must name at least one model, but is empty`];
  const malformed = models.flatMap((model, index) =>
    typeof model?.id === 'string' && model.id !== '' && typeof model.call === 'function'
      ? []
      : [`${owner}: models[${index}] must be a model, { id, call }, such as defineModel('id', ask)`],
  );
  if (malformed.length > 0) return malformed;
  const ids = models.map(({ id }) => id);
  return Array.from(new Set(ids.filter((id, index) => ids.indexOf(id) !== index)), (id) => {
    return `${owner}: option "models" has the id "${id}" more than once`;
  });
};

const stopRuleOf = (earlyStop: EnsembleOptions['earlyStop'], execution: Execution): StopRule => {
  const early =
    earlyStop === undefined || earlyStop === false
      ? never()
      : earlyStop === 'decided'
        ? decided()
        : typeof earlyStop === 'number'
          ? consensus(earlyStop, { of: 'panel' })
          : earlyStop;
  const own = execution.stopWhen ?? never();
  if (own === never()) return early;
  return early === never() ? own : anyOf(own, early);
};

const voterOf = (strategy: EnsembleOptions['strategy'] = 'majority', panel: readonly string[]): Voter => {
  if (typeof strategy === 'string') return strategies[strategy]();
  return typeof strategy === 'function' ? fromVoteFunction(strategy, panel) : strategy;
};

/** What is wrong with the number of votes that is asked of a panel. */
const votesFaults = (
  owner: string,
  models: readonly Model[],
  { minResponses = 1, samples = 1 }: PredictOverrides,
): string[] => {
  const calls = models.length * samples;
  return minResponses > calls
    ? [`${owner}: option "minResponses" is ${minResponses}, but the panel makes ${calls} calls`]
    : [];
};

/** What is wrong with a voter for a panel that is always the same; one that is chosen may leave models out. */
const voterFaults = (models: readonly Model[], { strategy }: PredictOverrides): readonly string[] => {
  if (strategy !== undefined && checks.strategy?.(strategy) !== undefined) return [];
  const ids = models.map(({ id }) => id);
  return voterOf(strategy as EnsembleOptions['strategy'], ids).faults?.(ids) ?? [];
};

/** What is wrong with a panel, and with the options that depend on who is in it. */
const ballotFaults = (
  owner: string,
  models: readonly Model[],
  options: PredictOverrides,
): readonly string[] => {
  const faults = panelFaults(owner, models);
  if (faults.length > 0) return faults;
  return [
    ...votesFaults(owner, models, options),
    ...(typeof options.models === 'function' ? [] : voterFaults(models, options)),
  ];
};

const chosenBy = (models: (query: Query) => readonly Model[], query: Query): readonly Model[] => {
  try {
    return models(query);
  } catch (error) {
    throw new UserCodeError('models(query)', { cause: error });
  }
};

const halfOf = (panelSize: number): number => Math.ceil(panelSize / 2);

/**
 * Checks options and completes them.
 *
 * @throws {ConfigError} listing every fault at once.
 */
export const toSettings = <N extends Normalization>(
  owner: string,
  options: PredictOverrides<N>,
): Settings<AnswerFor<N>> => {
  const { models } = options;
  refuse([
    ...(models === undefined ? [`${owner}: option "models" is missing`] : []),
    ...faultsOf(owner, options, owner === 'predict' ? overrideChecks : checks),
    ...(Array.isArray(models) ? ballotFaults(owner, models, options) : []),
  ]);
  const {
    strategy,
    minResponses,
    normalization = 'lowercaseTrim',
    timeoutMs = 5000,
    earlyStop,
    samples = 1,
  } = options;
  const execution =
    typeof options.execution === 'object' ? options.execution : executions[options.execution ?? 'parallel']();
  const leastVotes = execution.minResponses ?? halfOf;
  const toBallot = (panel: readonly Model[]): Ballot => {
    const seats = panel.flatMap((model) => new Array<Model>(samples).fill(model));
    const ids = seats.map(({ id }) => id);
    return {
      seats,
      samples,
      ids,
      voter: voterOf(strategy as EnsembleOptions['strategy'], ids),
      minResponses: minResponses ?? Math.min(leastVotes(ids.length), ids.length),
    };
  };
  const normalize =
    typeof normalization === 'function' ? normalization : namedNormalizers[normalization as NormalizerName];
  const fixed = typeof models === 'function' ? undefined : toBallot(models as readonly Model[]);
  return {
    schedule: execution.schedule,
    executionName: execution.name ?? 'custom',
    stopRule: stopRuleOf(earlyStop, execution),
    read: createReader({
      normalize: normalize as Normalizer<AnswerFor<N>>,
      pricing: options.pricing,
      countUnfinished: options.countUnfinished ?? false,
    }),
    pricing: options.pricing,
    answerSchema: jsonSchemaOf(normalize),
    deadline: createDeadline(timeoutMs),
    ballotFor(query) {
      if (fixed !== undefined) return fixed;
      const panel = chosenBy(models as (query: Query) => readonly Model[], query);
      refuse(ballotFaults(`${owner}: models(query)`, panel, options));
      return toBallot(panel);
    },
  };
};
