import { accessRulesOf, providers } from '../catalog/providers.ts';
import type { AnswerFor, Normalization } from '../normalizers/normalizers.ts';
import { environment } from '../providers/environment.ts';
import { type AutoEnsemble, type AutoEnsembleOptions, createAutoEnsemble } from './create-auto-ensemble.ts';
import { digestOf } from './digest-of.ts';
import { leastRecentlyUsed } from './least-recently-used.ts';

/** The maximum number of ensembles that are kept for later calls. */
const MOST_ENSEMBLES = 64;

const ensembles = leastRecentlyUsed<AutoEnsemble>(MOST_ENSEMBLES);

/** The variables of the environment that an ensemble depends on. */
const variables: readonly string[] = [
  ...providers.flatMap((provider) => {
    const { keyVariables, baseURLVariable = [] } = accessRulesOf(provider);
    return [...keyVariables, baseURLVariable].flat();
  }),
  'OLLAMA_HOST',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
];

/**
 * Returns the ensemble of options: one for equal options and an equal environment, so that its cache, its circuits, its
 * limits and its budget hold for all predictions with them.
 *
 * @throws {ConfigError} if an option is invalid.
 */
export const sharedEnsemble = <N extends Normalization>(
  options: AutoEnsembleOptions<N>,
): AutoEnsemble<AnswerFor<N>> => {
  const make = () => createAutoEnsemble<N>(options);
  const key = digestOf([options, variables.map((variable) => environment()[variable])]);
  return key === undefined ? make() : (ensembles.get(key, make) as AutoEnsemble<AnswerFor<N>>);
};
