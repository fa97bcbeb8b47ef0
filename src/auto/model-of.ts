import type { Model } from '../domain/model.ts';
import { faultsOf, reading, refuse } from '../options.ts';
import { modelResolver, type NameOptions } from './model-resolver.ts';
import type { PanelMember } from './model-spec.ts';

/**
 * Returns the model of a name, for an ensemble of your own, for policies or for an experiment. Its key comes from
 * `apiKey`, from `apiKeys` or from the environment. Sends nothing, and imports no SDK before the first call.
 *
 * @throws {ConfigError} if the name is unknown, a key is missing or an option is invalid. Lists every fault.
 *
 * @example
 * ```ts
 * import { modelOf } from 'crucible-ensemble/auto';
 *
 * const model = modelOf({
 *   model: 'openai_gpt4o',
 *   apiKey: 'a key of yours',
 *   confidence: 'stated',
 *   settings: { maxOutputTokens: 500 },
 * });
 * [model.id, model.provider, model.modelId]; // => ['openai_gpt4o', 'openai', 'gpt-6.1-terra']
 * ```
 */
export const modelOf = (name: PanelMember, options: NameOptions = {}): Model =>
  reading('modelOf', () => {
    const any = { apiKeys: () => undefined, baseURLs: () => undefined, names: () => undefined };
    refuse(faultsOf('modelOf', options, any));
    const { model, faults } = modelResolver(options)(name);
    refuse(faults.map((fault) => `modelOf: ${fault}`));
    return model;
  });
