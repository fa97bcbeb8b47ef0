import { lifecycleWarning } from '../catalog/lifecycle-warning.ts';
import { providers } from '../catalog/providers.ts';
import { genaiPrices } from '../catalog/published-prices.ts';
import { ConfigError } from '../domain/errors.ts';
import type { Model } from '../domain/model.ts';
import type { Normalizer } from '../domain/normalizer.ts';
import type { Pricing } from '../domain/pricing.ts';
import type { EnsembleOptions } from '../engine/ensemble-options.ts';
import { createEnsemble, type Ensemble } from '../ensemble.ts';
import type { AnswerFor, Normalization, NormalizerName } from '../normalizers/normalizers.ts';
import { type Check, faultsOf, nonEmpty, ofType, refuse } from '../options.ts';
import { url } from '../providers/client-options.ts';
import { namedModel, type ProviderAccess } from './named-model.ts';
import { warnOnce } from './warn-once.ts';

/** Options of {@link createAutoEnsemble}: those of {@link createEnsemble}, with models by name. */
export interface AutoEnsembleOptions<N extends Normalization = Normalization>
  extends Omit<EnsembleOptions<N>, 'models' | 'pricing'>,
    ProviderAccess {
  /**
   * Names, such as `openai/gpt-6-luna`, `ollama/llama3.2` or `gemini_flash`, and models, in any mixture.
   * Default: `gemini_flash`, `openai_gpt4o_mini` and `anthropic_haiku`.
   */
  readonly models?: readonly (string | Model)[];
  /** Knows what calls cost; `false` for no prices. Default: the published ones, see {@link genaiPrices}. */
  readonly pricing?: Pricing | false;
  /** Told of models that are shut down, or will be soon. Default: `console.warn`, once for each. */
  readonly onWarning?: (warning: string) => void;
}

/** Who is asked where nobody is named. */
export const defaultPanel: readonly string[] = ['gemini_flash', 'openai_gpt4o_mini', 'anthropic_haiku'];

/**
 * An ensemble of models that are told by their names. Keys come from `OPENAI_API_KEY`, `ANTHROPIC_API_KEY` and
 * `GEMINI_API_KEY`, or from `apiKeys`; calls have a price; models that will be shut down are warned of.
 *
 * Nothing is sent, and no SDK is imported, before the first question; the SDK of a provider that is not asked is
 * never needed.
 *
 * @throws {ConfigError} listing every unknown name, every missing key and every other fault at once.
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
): Ensemble<AnswerFor<N>>;
export function createAutoEnsemble<Answer>(
  options: AutoEnsembleOptions<Normalizer<Answer>>,
): Ensemble<Answer>;
export function createAutoEnsemble<N extends Normalization>(
  options: AutoEnsembleOptions<N>,
): Ensemble<AnswerFor<N>>;
export function createAutoEnsemble<N extends Normalization>(
  options: AutoEnsembleOptions<N> = {},
): Ensemble<AnswerFor<N>> {
  const { models = defaultPanel, apiKeys, baseURLs, pricing, onWarning = warnOnce, ...rest } = options;
  const named = (Array.isArray(models) ? models : []).map((model: string | Model) =>
    typeof model === 'string' ? namedModel(model, { apiKeys, baseURLs }) : { model, faults: [] },
  );
  const faults = [
    ...faultsOf('createAutoEnsemble', { models, apiKeys, baseURLs, onWarning }, checks),
    ...perProviderFaults('apiKeys', apiKeys, nonEmpty),
    ...perProviderFaults('baseURLs', baseURLs, url),
    ...new Set(named.flatMap((model) => model.faults.map((fault) => `createAutoEnsemble: ${fault}`))),
  ];
  const ensemble = collecting(faults, () =>
    createEnsemble<N>({
      ...rest,
      models: named.map(({ model }) => model),
      ...(pricing !== false && { pricing: pricing ?? genaiPrices() }),
    }),
  );
  const today = new Date();
  const warnings = new Set(
    named.map(({ model }) => lifecycleWarning(`${model.provider}/${model.modelId}`, today)),
  );
  for (const warning of warnings) if (warning !== undefined) onWarning(warning);
  return ensemble;
}

const checks: Readonly<Record<string, Check>> = {
  models: (value) => (Array.isArray(value) ? undefined : 'an array of names and models'),
  apiKeys: ofType('object'),
  baseURLs: ofType('object'),
  onWarning: ofType('function'),
};

const perProviderFaults = (name: string, given: object | undefined, check: Check): string[] =>
  faultsOf(
    `createAutoEnsemble: ${name}`,
    given ?? {},
    Object.fromEntries(providers.map((provider) => [provider, check])),
  );

/** What `make` makes. Its faults come after those that there are already, in one error. */
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
