import { NoPredictionError } from '../domain/no-prediction.ts';
import type { Prediction } from '../domain/prediction.ts';
import type { Query } from '../domain/request.ts';
import { between, type Check, faultsOf, ofType, refuse } from '../options.ts';
import type { PredictionResult, Stats } from './stats.ts';
import { statsFold } from './stats-fold.ts';

/** What can be profiled: an ensemble, or anything that predicts as one does. */
export interface Configuration {
  predict(query: Query, overrides?: { readonly signal?: AbortSignal | undefined }): Promise<Prediction>;
}

/** Options of {@link profile}. */
export interface ProfileOptions {
  /** How far below the most agreed one the best value may be, 0..1. Default 0.05. */
  readonly agreementTolerance?: number;
  /** Ends the profile, which then rejects with `CancelledError`, and aborts the calls that are out. */
  readonly signal?: AbortSignal;
}

/** What one configuration came to. */
export interface ConfigurationProfile {
  readonly name: string;
  readonly stats: Stats;
  /**
   * The mean share of the panel that is known to stand behind the answer, 0..1: `consensus` × `quorum`, 0 for a
   * question without a prediction. `undefined` for a panel of one, which cannot disagree.
   */
  readonly agreement: number | undefined;
  /** How many calls were answered from a cache: what took them no time and no money is no measure. */
  readonly cachedCalls: number;
}

/** Configurations side by side, and the names of the best of them; `undefined` where none can be told. */
export interface Profile {
  readonly configurations: readonly ConfigurationProfile[];
  /** The lowest median latency. */
  readonly fastest: string | undefined;
  /** The lowest mean cost of a query, where all of it is known. */
  readonly cheapest: string | undefined;
  /** The highest `agreement`. */
  readonly mostAgreed: string | undefined;
  /** The cheapest of those whose `agreement` is at most `agreementTolerance` below the highest. */
  readonly bestValue: string | undefined;
}

const isConfiguration = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'predict') === 'function';

const isEach: Check = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.values(value).every(isConfiguration)
    ? undefined
    : 'one or more ensembles by their names';

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
  try {
    return await configuration.predict(query, { signal });
  } catch (error) {
    if (error instanceof NoPredictionError && signal?.aborted !== true) return error;
    throw error;
  }
};

/** A text is one question, though it can be iterated too. */
const isOne = (questions: Query | Iterable<Query> | AsyncIterable<Query>): questions is Query =>
  typeof questions === 'string' || 'messages' in questions;

/** The one with the lowest value; the first of equals, none where no value is known. */
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
 * Several ensembles asked the same question, or questions: which is fastest, cheapest, most agreed, and the best value.
 *
 * Questions are asked one after the other, and of all configurations in turn, each time another one first, so
 * that none competes with another one and a provider's bad minute hits all alike. **No call is shared between
 * configurations**: what one would get for nothing could not be measured. Costs the calls of all of them.
 *
 * Only those that predicted the most questions are among the best. Agreement is not being right: where right
 * answers are known, run an experiment instead.
 *
 * @throws {ConfigError} for no configurations, or a tolerance that is no share. Rejects with what is no
 * `NoPredictionError`; one of these counts as a question without a prediction.
 *
 * @example
 * ```ts
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
  refuse([
    ...faultsOf('profile', { configurations }, { configurations: isEach }),
    ...faultsOf('profile', options, { agreementTolerance: between(0, 1), signal: ofType('object') }),
  ]);
  const { agreementTolerance = 0.05, signal } = options;
  const each = Object.entries(configurations).map(([name, ensemble]) => ({
    ensemble,
    fold: profileFold(name),
  }));
  let first = 0;
  for await (const question of isOne(questions) ? [questions] : questions) {
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
