import { asPromise, isA, readSafely, returned } from '../domain/foreign.ts';
import { isObject } from '../domain/is-object.ts';
import { itemsOf } from '../domain/items-of.ts';
import { NoPredictionError, UserCodeError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { between, checked, faultsOf, hasMethods, ofType, required, suchThat } from '../options.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { statsFold } from './stats-fold.ts';

/** An ensemble, or an object that predicts like one. */
export interface Configuration {
  predict(query: Query, overrides?: { readonly signal?: AbortSignal | undefined }): Promise<Prediction>;
}

/** Options of {@link profile}. */
export interface ProfileOptions {
  /** The largest difference of `agreement` to the highest one, 0..1, for the best value. Default 0.05. */
  readonly agreementTolerance?: number;
  /** Aborts the profile and its calls in flight; the promise rejects with `CancelledError`. */
  readonly signal?: AbortSignal;
}

/** The measurements of one configuration. */
export interface ConfigurationProfile {
  readonly name: string;
  readonly stats: Stats;
  /**
   * The mean proportion of the panel that is known to agree with the answer, 0..1: `consensus` × `quorum`, and 0 for a
   * question without a prediction. `undefined` if the panel has one member, which cannot disagree.
   */
  readonly agreement: number | undefined;
  /** The number of calls answered from a cache: their latency and cost of 0 distort the measurement. */
  readonly cachedCalls: number;
}

/** Configurations compared, and the names of the best; `undefined` if none can be determined. */
export interface Profile {
  readonly configurations: readonly ConfigurationProfile[];
  /** The configuration with the lowest median latency. */
  readonly fastest: string | undefined;
  /** The configuration with the lowest mean cost of a query, if all of its cost is known. */
  readonly cheapest: string | undefined;
  /** The configuration with the highest `agreement`. */
  readonly mostAgreed: string | undefined;
  /** The cheapest configuration with an `agreement` at most `agreementTolerance` below the highest. */
  readonly bestValue: string | undefined;
}

const areConfigurations = suchThat(
  'one or more ensembles by name',
  (value) =>
    isObject(value) &&
    Object.keys(value).length > 0 &&
    Object.values(value).every((one) => hasMethods(one, 'predict')),
);

const profileFold = (name: string) => {
  const fold = statsFold();
  let agreed = 0;
  let asked = 0;
  let largestPanel = 0;
  let cachedCalls = 0;
  return {
    add: (result: PredictionResult): void => {
      fold.add(result);
      asked += 1;
      for (const outcome of result.outcomes) {
        if ('response' in outcome && outcome.response.cached !== undefined) cachedCalls += 1;
      }
      if (result instanceof NoPredictionError) return;
      const { consensus, quorum, successes } = result.metadata;
      agreed += consensus * quorum;
      if (quorum > 0) largestPanel = Math.max(largestPanel, Math.round(successes / quorum));
    },
    profile: (): ConfigurationProfile => ({
      name,
      stats: fold.stats(),
      agreement: largestPanel < 2 ? undefined : agreed / asked,
      cachedCalls,
    }),
  };
};

const ask = async (
  configuration: Configuration,
  query: Query,
  signal: AbortSignal | undefined,
): Promise<PredictionResult> => {
  let result: Prediction;
  try {
    result = await asPromise(() => configuration.predict(query, { signal }));
  } catch (error) {
    if (isA(error, NoPredictionError) && signal?.aborted !== true) return error;
    throw error;
  }
  try {
    return returned(result, aPrediction);
  } catch (cause) {
    throw new UserCodeError('predict of a configuration', { cause });
  }
};

const aPrediction = suchThat(
  'a prediction',
  (value) => isObject(readSafely(value, 'metadata')) && Array.isArray(readSafely(value, 'outcomes')),
);

/** A string is one question, although it is iterable. */
const isOne = (questions: Query | Iterable<Query> | AsyncIterable<Query>): questions is Query =>
  typeof questions === 'string' || 'messages' in questions;

/** The configuration with the lowest value, the first one of several; `undefined` if no value is known. */
const lowest = (
  configurations: readonly ConfigurationProfile[],
  measureOf: (configuration: ConfigurationProfile) => number | undefined,
): ConfigurationProfile | undefined =>
  configurations
    .filter((configuration) => measureOf(configuration) !== undefined)
    .toSorted((a, b) => (measureOf(a) ?? 0) - (measureOf(b) ?? 0))[0];

const costOf = ({ stats: { costUsd } }: ConfigurationProfile): number | undefined =>
  costUsd.source === 'partial' ? undefined : costUsd.mean;

/**
 * Measures several ensembles on the same questions: which one is the fastest, the cheapest, agrees most, and
 * is the best value.
 *
 * Asks one question after the other, and one configuration after the other, each time starting with the next
 * one. So configurations do not compete, and a slow minute of a provider affects all of them alike.
 * **Configurations share no calls**, because a shared call could not be measured. Costs the calls of all of
 * them.
 *
 * Only configurations with the most predictions can be among the best. Agreement is not correctness: if right
 * answers are known, run an experiment instead.
 *
 * @throws {ConfigError} if there are no configurations, or if an option is out of range. The promise rejects
 *   with any error other than `NoPredictionError`, which counts as a question without a prediction.
 *
 * @example
 * ```ts
 * import { createEnsemble, simulated } from 'crucible-ensemble';
 * import { profile } from 'crucible-ensemble/metrics';
 *
 * const model = (id: string, costUsd: number) => simulated({ id, accuracy: 1, costUsd });
 * const { cheapest, mostAgreed, bestValue } = await profile(['What is 2 + 2?', 'What is 17 * 23?'], {
 *   one: createEnsemble({ models: [model('a', 0.001)] }),
 *   three: createEnsemble({ models: [model('a', 0.001), model('b', 0.001), model('c', 0.001)] }),
 *   large: createEnsemble({ models: [model('x', 0.01), model('y', 0.01), model('z', 0.01)] }),
 * });
 * cheapest; // => 'one'
 * mostAgreed; // => 'three'
 * bestValue; // => 'three'
 * ```
 */
export const profile = async (
  questions: Query | Iterable<Query> | AsyncIterable<Query>,
  configurations: Readonly<Record<string, Configuration>>,
  options: ProfileOptions = {},
): Promise<Profile> => {
  const { agreementTolerance, signal } = checked(
    'profile',
    options,
    { agreementTolerance: [between(0, 1), 0.05], signal: ofType('object') },
    faultsOf('profile', { configurations }, { configurations: required(areConfigurations) }),
  );
  const each = Object.entries(configurations).map(([name, ensemble]) => ({
    ensemble,
    fold: profileFold(name),
  }));
  let first = 0;
  for await (const question of itemsOf(isOne(questions) ? [questions] : questions)) {
    for (const { ensemble, fold } of [...each.slice(first), ...each.slice(0, first)]) {
      fold.add(await ask(ensemble, question, signal));
    }
    first = (first + 1) % each.length;
  }
  const profiles = each.map(({ fold }) => fold.profile());
  const most = Math.max(...profiles.map(({ stats }) => stats.successes));
  const able = profiles.filter(({ stats }) => most > 0 && stats.successes === most);
  const mostAgreed = lowest(able, ({ agreement }) => agreement && -agreement);
  const least = (mostAgreed?.agreement ?? 0) - agreementTolerance;
  const agreed = able.filter(({ agreement }) => agreement !== undefined && agreement >= least);
  return {
    configurations: profiles,
    fastest: lowest(able, ({ stats }) => stats.latencyMs.p50)?.name,
    cheapest: lowest(able, costOf)?.name,
    mostAgreed: mostAgreed?.name,
    bestValue: lowest(agreed, costOf)?.name,
  };
};
