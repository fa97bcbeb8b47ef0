import { ConfigError } from '../domain/errors.ts';
import { type Execution, type StopRule, traitsOf } from '../domain/execution.ts';
import { guarding } from '../domain/foreign.ts';
import { internal } from '../domain/internal.ts';
import type { Model } from '../domain/model.ts';
import { quotedName } from '../domain/quoting.ts';
import { toRecord } from '../domain/record.ts';
import type { Voter } from '../domain/voter.ts';
import { aModel, shown, suchThat, valueFault, wholeNumber } from '../options.ts';
import { fromVoteFunction } from '../strategies/voting/from-vote-function.ts';
import { majority } from '../strategies/voting/majority.ts';
import type { PredictionValues } from './forms.ts';
import { type Combination, confidenceUsers, impossible, ineffective } from './ineffective.ts';
import { predictionSpecs } from './option-specs.ts';

/** The models of one prediction, how their votes are counted, and how many votes a prediction needs. */
export interface Panel {
  /** The models, each as often as it is called. */
  readonly members: readonly Model[];
  /** The same models once each, without the policies of the ensemble. */
  readonly models: readonly Model[];
  readonly samples: number;
  readonly ids: readonly string[];
  /** A record of each id, in which no cost is known. */
  readonly costs: Readonly<Record<string, undefined>>;
  readonly voter: Voter;
  readonly minResponses: number;
  /** The consensus that is looked for: what the voter requires, or else what a stop rule waits for. */
  readonly threshold: number | undefined;
  /** The names of what depends on the confidences of votes. */
  readonly confidenceUsers: readonly string[];
  /** What cannot work with these models. */
  readonly faults: readonly string[];
  /** What has no effect with these models. */
  readonly warnings: readonly string[];
}

/** What a panel is made for, besides its models. */
export interface PanelPlan extends Pick<Combination, 'execution' | 'timeoutMs' | 'deadlineMs'> {
  /** The function that the caller called, for messages. */
  readonly owner: string;
  readonly options: PredictionValues;
  readonly stopRule: StopRule | undefined;
}

/** The faults of a list of models. */
export const modelFaults = (owner: string, models: readonly Model[]): string[] => {
  if (!Array.isArray(models)) return [`${owner} must be an array of models, but got ${shown(models)}`];
  if (models.length === 0) return [`${owner}: option "models" must name at least one model, but is empty`];
  const malformed = models.flatMap((model, index) => {
    return valueFault(`${owner}: models[${index}]`, aModel, model) ?? [];
  });
  if (malformed.length > 0) return malformed;
  return Array.from(
    repeated(models),
    (id) =>
      `${owner}: option "models" must have each id once, but has ${quotedName(id)} more than once; set option "id" of a model, or "samples" for more calls of one`,
  );
};

/** The ids that several models have, in one pass. */
const repeated = (models: readonly Model[]): ReadonlySet<string> => {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const { id } of models) (seen.has(id) ? again : seen).add(id);
  return again;
};

const voterOf = (strategy: PredictionValues['strategy'] = majority(), panel: readonly string[]): Voter =>
  typeof strategy === 'function' ? fromVoteFunction(strategy, panel) : strategy;

const voteCountFaults = (
  owner: string,
  models: readonly Model[],
  { minResponses = 1, samples = 1 }: PredictionValues,
): string[] => {
  if (wholeNumber(1)(samples) !== undefined) return [];
  const calls = models.length * samples;
  return minResponses > calls
    ? [
        `${owner}: option "minResponses" must be at most the calls of the panel, ${calls}, but got ${minResponses}; lower it, or add models or "samples"`,
      ]
    : [];
};

/** The faults that a voter finds in a fixed panel. A panel chosen by the query may leave models out. */
const voterFaults = (
  owner: string,
  models: readonly Model[],
  { strategy }: PredictionValues,
): readonly string[] => {
  if (strategy !== undefined && predictionSpecs.strategy(strategy) !== undefined) return [];
  const ids = models.map(({ id }) => id);
  const voter = voterOf(strategy, ids);
  if (voter.faults === undefined) return [];
  return guarding(
    () => voter.faults?.(ids) as readonly string[],
    (fault) => [`${owner}: faults(panel) of the voter ${fault}`],
    listOfFaults,
  );
};

const listOfFaults = suchThat(
  'an array of sentences',
  (value) => Array.isArray(value) && value.every((fault) => typeof fault === 'string'),
);

/** The faults of a panel and of the options that depend on it. */
export const panelFaults = (
  owner: string,
  models: readonly Model[],
  options: PredictionValues,
): readonly string[] => {
  const faults = modelFaults(owner, models);
  if (faults.length > 0) return faults;
  return [
    ...voteCountFaults(owner, models, options),
    ...(typeof options.models === 'function' ? [] : voterFaults(owner, models, options)),
  ];
};

/**
 * The panel of models without faults. The execution decides what the options leave open.
 *
 * @throws {ConfigError} if `minResponses` of the execution returns no number of votes.
 */
export const toPanel = (
  models: readonly Model[],
  withPolicies: (model: Model) => Model,
  { owner, ...plan }: PanelPlan,
): Panel => {
  const { options, execution } = plan;
  const { strategy, minResponses, samples = 1, grouping } = options;
  const members = models.map(withPolicies).flatMap((model) => new Array<Model>(samples).fill(model));
  const ids = members.map(({ id }) => id);
  const counting = voterOf(strategy ?? execution.strategy, ids);
  const voter = grouping ? grouping[internal].voterOf(counting) : counting;
  return {
    members,
    models,
    samples,
    ids,
    costs: toRecord(new Map(ids.map((id) => [id, undefined])), () => undefined),
    voter,
    minResponses: minResponses ?? Math.min(leastOf(ids.length, execution, owner), ids.length),
    threshold: voter[internal]?.threshold ?? traitsOf(plan.stopRule).threshold,
    confidenceUsers: confidenceUsers({ ...plan, voter }),
    faults: impossible({ ...plan, voter, models }),
    warnings: ineffective({ ...plan, voter, models }),
  };
};

const halfOf = (panelSize: number): number => Math.ceil(panelSize / 2);

const leastOf = (panelSize: number, { minResponses = halfOf }: Execution, owner: string): number =>
  guarding(
    () => minResponses(panelSize),
    (fault) => {
      throw new ConfigError([`${owner}: minResponses(${panelSize}) of the execution ${fault}`]);
    },
    wholeNumber(0),
  );
