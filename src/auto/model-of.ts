import type { Model } from '../domain/model.ts';
import { quotedName } from '../domain/quoting.ts';
import { faultsOf, reading, refuse } from '../options.ts';
import { modelResolver, type NameOptions } from './model-resolver.ts';
import type { PanelMember } from './model-spec.ts';

/**
 * Returns the model with a name, for `createEnsemble`, for policies or for an experiment. Its key comes from `apiKey`, from
 * `apiKeys` or from the environment. Sends nothing, and imports no SDK before the first call.
 *
 * A model has no price: `pricing` of the ensemble or of the experiment has it.
 *
 * @throws {ConfigError} if the name is unknown, a key is missing, a `price` is stated or an option is invalid. Lists every
 * fault.
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
    const { model, faults, price } = modelResolver(options)(name);
    refuse(
      [...faults, ...(price === undefined ? [] : [withoutEffect(model)])].map((fault) => `modelOf: ${fault}`),
    );
    return model;
  });

const withoutEffect = ({ id }: Model): string =>
  `the price of ${quotedName(id)} has no effect in a model alone: pass pricing: genaiPrices({ overrides: { ${quotedName(id)}: price } }) to the ensemble or the experiment`;
