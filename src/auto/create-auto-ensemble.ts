import { providers } from '../catalog/providers.ts';
import { genaiPrices } from '../catalog/published-prices.ts';
import { ConfigError } from '../domain/errors.ts';
import { given } from '../domain/given.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { Query } from '../domain/request.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { createEnsemble } from '../ensemble.ts';
import type { AnswerFor, Normalization, NormalizerName } from '../normalizers/normalizers.ts';
import { type Check, completed, faultsOf, nonEmpty, ofType, reading, refuse, suchThat } from '../options.ts';
import { baseURLFaults } from '../providers/base-url.ts';
import type { Ensemble } from '../values/ensemble.ts';
import { type AutoModels, autoModels, faultsIn, modelsIn } from './auto-models.ts';
import { modelResolver, type NameOptions } from './model-resolver.ts';
import type { PanelMember } from './model-spec.ts';
import { withNamedOverrides } from './with-named-overrides.ts';

/** Options of {@link createAutoEnsemble}: those of {@link createEnsemble}, with models by name. */
export interface AutoEnsembleOptions<N extends Normalization = Normalization>
  extends Omit<EnsembleOptions<N, PanelMember>, 'models' | 'pricing'>,
    NameOptions {
  /**
   * Names, such as `openai/gpt-6-luna`, `ollama/llama3.2` or `gemini_flash`, names with options, and models; or a function
   * that chooses them by the query. Default: `gemini_flash`, `openai_gpt4o_mini` and `anthropic_haiku`.
   */
  readonly models?: EnsembleOptions<N, PanelMember>['models'];
  /** The prices of calls; `false` for none. Default: the published ones, see {@link genaiPrices}. */
  readonly pricing?: Pricing | false;
  /**
   * Receives a warning for each model that is shut down, or will be within 90 days. Default: `console.warn`, once for each
   * model.
   */
  readonly onWarning?: (warning: string) => void;
}

/** An ensemble with names in its overrides of `models` too. */
export type AutoEnsemble<Answer = unknown> = Ensemble<Answer, PanelMember>;

/** The default models. */
export const defaultPanel: readonly string[] = ['gemini_flash', 'openai_gpt4o_mini', 'anthropic_haiku'];

/**
 * Creates an ensemble of models that are given by name. Keys come from `OPENAI_API_KEY`, `ANTHROPIC_API_KEY` and
 * `GEMINI_API_KEY`, or from `apiKeys`. Prices are included, and models near their shutdown cause a warning.
 *
 * Before the first question, nothing is sent and no SDK is imported. You only need the SDKs of the providers you use.
 *
 * @throws {ConfigError} if a name is unknown, a key is missing or an option is invalid. Lists every fault.
 *
 * @example
 * ```ts
 * import { createAutoEnsemble } from 'crucible-ensemble/auto';
 * import { simulated } from 'crucible-ensemble';
 *
 * const ensemble = createAutoEnsemble({
 *   models: [simulated({ id: 'a', accuracy: 1 }), simulated({ id: 'b', accuracy: 1 }), 'openai/gpt-6-luna'],
 *   apiKeys: { openai: 'a key of yours' },
 *   normalization: 'numeric',
 *   earlyStop: 'decided',
 * });
 * const { answer, metadata } = await ensemble.predict('What is 17 * 23?');
 * answer; // => 391
 * metadata.modelsUsed; // => ['a', 'b']
 * ```
 */
export function createAutoEnsemble<const N extends NormalizerName = 'lowercaseTrim'>(
  options?: AutoEnsembleOptions<N>,
): AutoEnsemble<AnswerFor<N>>;
export function createAutoEnsemble<Answer>(
  options: AutoEnsembleOptions<Normalizer<Answer>>,
): AutoEnsemble<Answer>;
export function createAutoEnsemble<N extends Normalization>(
  options: AutoEnsembleOptions<N>,
): AutoEnsemble<AnswerFor<N>>;
export function createAutoEnsemble<N extends Normalization>(
  options: AutoEnsembleOptions<N> = {},
): AutoEnsemble<AnswerFor<N>> {
  return reading('createAutoEnsemble', () => {
    if (!isObject(options)) refuse(faultsOf('createAutoEnsemble', options, {}));
    const { models: passed, apiKeys, baseURLs, names, pricing, onWarning: listener, ...rest } = options;
    const own = { models: passed, apiKeys, baseURLs, names, onWarning: listener };
    const { models: members, onWarning } = completed(own, specs);
    const resolve = modelResolver({ apiKeys, baseURLs, names });
    const models = autoModels({
      resolve,
      pricing: pricing === false ? undefined : (pricing ?? genaiPrices()),
      onWarning,
    });
    const panel = models.panelOf(Array.isArray(members) ? members : []);
    const faults = [
      ...faultsOf('createAutoEnsemble', own, specs),
      ...perProviderFaults('apiKeys', apiKeys, nonEmpty),
      ...perProviderFaults('baseURLs', baseURLs, ofType('string')),
      ...Object.entries(isObject(baseURLs) ? baseURLs : {}).flatMap(([name, value]) =>
        baseURLFaults('createAutoEnsemble: baseURLs', value, name),
      ),
      ...faultsIn('createAutoEnsemble', [...panel, ...ownNames(names).map(resolve)]),
    ];
    const ensemble = collecting(faults, () =>
      createEnsemble<N>({
        ...rest,
        // Members that are no list have been refused above, and a function stands for any panel.
        models: Array.isArray(members)
          ? modelsIn(panel)
          : chosenBy(models, typeof members === 'function' ? members : () => []),
        ...given({ pricing: models.pricing }),
      }),
    );
    models.warnAbout(panel);
    return withNamedOverrides(ensemble, models);
  });
}

const ownNames = (names: unknown): string[] => Object.keys(isObject(names) ? names : {});

const chosenBy = (models: AutoModels, choose: (query: Query) => readonly PanelMember[]) =>
  models.chosen('createAutoEnsemble', choose) as (query: Query) => readonly Model[];

const warned = new Set<string>();

/** Prints each warning once on the console. */
const warnOnce = (warning: string): void => {
  if (warned.has(warning)) return;
  warned.add(warning);
  // biome-ignore lint/suspicious/noConsole: a caller that wants it elsewhere passes onWarning
  console.warn(`crucible-ensemble: ${warning}`);
};

const specs = {
  models: [
    suchThat(
      'an array of names and models, or a function of the query',
      (value) => Array.isArray(value) || typeof value === 'function',
    ),
    defaultPanel,
  ],
  apiKeys: ofType('object'),
  baseURLs: ofType('object'),
  names: ofType('object'),
  onWarning: [ofType('function'), warnOnce],
} as const;

const perProviderFaults = (name: string, values: object | undefined, check: Check): string[] =>
  faultsOf(
    `createAutoEnsemble: ${name}`,
    values ?? {},
    Object.fromEntries(providers.map((provider) => [provider, check])),
  );

/** Returns the result of `make`. Throws one error with the given faults and those of `make`. */
const collecting = <Made>(faults: readonly string[], make: () => Made): Made => {
  try {
    const made = make();
    refuse(faults);
    return made;
  } catch (error) {
    if (!(error instanceof ConfigError) || error.faults === faults) throw error;
    throw new ConfigError([...faults, ...error.faults]);
  }
};
