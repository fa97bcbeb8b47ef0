import type { Model } from '../domain/model.ts';
import type { Voter } from '../domain/voter.ts';
import { strategies } from '../strategies/named-strategies.ts';
import { fromVoteFunction } from '../strategies/voting/from-vote-function.ts';
import type { EnsembleOptions, PredictOverrides } from './ensemble-options.ts';
import { ensembleChecks } from './option-checks.ts';

/** Who votes in one prediction, how the votes are counted, and how many there must be. */
export interface Ballot {
  /** The models, each as often as it is asked. */
  readonly seats: readonly Model[];
  readonly samples: number;
  readonly ids: readonly string[];
  readonly voter: Voter;
  readonly minResponses: number;
}

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
  if (strategy !== undefined && ensembleChecks.strategy?.(strategy) !== undefined) return [];
  const ids = models.map(({ id }) => id);
  return voterOf(strategy, ids).faults?.(ids) ?? [];
};

/** What is wrong with a panel, and with the options that depend on who is in it. */
export const ballotFaults = (
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

/** The ballot of a panel without faults; `leastVotes` says how many votes it needs where nobody else does. */
export const toBallot = (
  panel: readonly Model[],
  { strategy, minResponses, samples = 1 }: PredictOverrides,
  leastVotes: (panelSize: number) => number,
): Ballot => {
  const seats = panel.flatMap((model) => new Array<Model>(samples).fill(model));
  const ids = seats.map(({ id }) => id);
  return {
    seats,
    samples,
    ids,
    voter: voterOf(strategy, ids),
    minResponses: minResponses ?? Math.min(leastVotes(ids.length), ids.length),
  };
};
