import { overrideFaults } from '../catalog/override-faults.ts';
import type { PriceOverride } from '../catalog/price-override.ts';
import { isPreset } from '../catalog/providers.ts';
import { isObject } from '../domain/is-object.ts';
import type { Model } from '../domain/model.ts';
import { quotedName } from '../domain/quoting.ts';
import type { ReasoningEffort } from '../domain/reasoning-effort.ts';
import { faultsOf, nonEmpty, ofType, oneOf, properName, required, type Spec } from '../options.ts';
import { baseURLFaults } from '../providers/base-url.ts';
import { parameterFaults } from '../providers/extra-parameters.ts';
import { keyFormFaults } from '../providers/key-form.ts';
import { PRESETS } from '../providers/openai-compatible/presets.ts';
import { FIXED_FIELDS } from '../providers/openai-protocol/fixed-fields.ts';
import { finishFault } from '../providers/openai-responses/responses-only.ts';
import {
  anthropicSettings,
  azureSettings,
  type Effort,
  googleSettings,
  openaiCompatibleSettings,
  openaiSettings,
} from '../providers/setting-checks.ts';

/** The settings of a model by name. Which of them a model has depends on its provider; another one is refused. */
export interface ModelSettings {
  /** The maximum number of output tokens, from 1, with hidden reasoning. Default: the provider's. */
  readonly maxOutputTokens?: number;
  /** The sampling temperature, 0..2. Not for `anthropic`. Default: not sent. */
  readonly temperature?: number;
  /** `openai`, and servers with its protocol: chat completions or the Responses API. Default: see `openaiCompatible`. */
  readonly api?: 'chat' | 'responses';
  /** `openai`: how much the model reasons before it answers. Default: not sent. */
  readonly reasoningEffort?: ReasoningEffort;
  /** `anthropic`: the effort of the model. Default: not sent. */
  readonly effort?: Effort;
  /** `google`: more fields of `generationConfig`. Default: none. */
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  /** Servers with OpenAI's protocol: more fields of the request. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Servers with OpenAI's protocol: how the request describes the schema of an answer. Default: the provider's. */
  readonly answerFormat?: 'json_schema' | 'json_object' | 'none';
  /** `openai`, and servers with its protocol: `'optional'` for a server without finish reasons. Default: `'required'`. */
  readonly finish?: 'required' | 'optional';
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
  /** `azure`: the name of the resource, of the deployment, and the version of the API. */
  readonly resource?: string;
  readonly deployment?: string;
  readonly apiVersion?: string;
}

/** A model by name, with its options. */
export interface ModelSpec {
  /**
   * The name, such as `openai_gpt4o`, `ollama/llama3.2` or one of your own. With `baseURL`, any other name is that of a
   * model at this server, which has OpenAI's protocol.
   */
  readonly model: string;
  /** The name of the model in votes, weights and costs. Default: `model`. */
  readonly id?: string;
  /** The key. Default: that of `apiKeys` or of the environment, for the provider's own hosts only. */
  readonly apiKey?: string;
  /** The base URL. Another host than the provider's own gets no key but `apiKey`. Default: that of `baseURLs`, or the provider's. */
  readonly baseURL?: string;
  /** `'stated'` asks the model how sure it is, see {@link statedConfidence}; `'logprobs'` uses token probabilities. Default: none. */
  readonly confidence?: 'stated' | 'logprobs';
  /** The price, which takes precedence over `pricing`. Default: that of `pricing`. */
  readonly price?: PriceOverride;
  readonly settings?: ModelSettings;
}

/** A member of a panel: the name of a model, alone or with its options, or a model. */
export type PanelMember = string | ModelSpec | Model;

const specChecks: Readonly<Record<keyof ModelSpec, Spec>> = {
  model: required(nonEmpty),
  id: properName,
  apiKey: nonEmpty,
  baseURL: ofType('string'),
  confidence: oneOf(['stated', 'logprobs'], ''),
  price: ofType('object'),
  settings: ofType('object'),
};

/** Returns the faults of a model with options, of any provider. `owner` says which model it is. */
export const specFaults = (owner: string, spec: ModelSpec): readonly string[] => [
  ...faultsOf(owner, spec, specChecks),
  ...baseURLFaults(owner, spec.baseURL),
  ...keyFormFaults(owner, spec.apiKey),
  ...priceFaults(owner, spec),
];

/** Returns the faults of a price. */
export const priceFaults = (owner: string, { price }: Pick<ModelSpec, 'price'>): readonly string[] =>
  isObject(price)
    ? overrideFaults(owner, { price }).map((fault) => fault.replace('overrides["price"]', 'price'))
    : [];

/** The name of a spec for messages. */
export const specName = ({ model, id = model }: ModelSpec): string => `the model ${quotedName(id)}`;

/** Returns the faults of the settings and of the confidence of a model of a provider. */
export const settingFaults = (owner: string, provider: string, spec: ModelSpec): readonly string[] => [
  ...(isObject(spec.settings) ? faultsOf(`${owner}: settings`, spec.settings, settingChecks(provider)) : []),
  ...(provider === 'anthropic' || provider === 'google'
    ? []
    : parameterFaults(`${owner}: settings`, spec.settings?.parameters, FIXED_FIELDS)),
  ...(spec.settings?.api === 'responses' && spec.settings.finish !== undefined
    ? [finishFault(`${owner}: settings`)]
    : []),
  ...(spec.confidence === 'logprobs' && !hasLogprobs(provider)
    ? [
        `${owner}: option "confidence" must not be 'logprobs', because ${provider} returns no probabilities: use 'stated'`,
      ]
    : []),
];

const settingChecks = (provider: string): Readonly<Record<string, Spec>> => {
  if (provider === 'openai')
    return { ...openaiCompatibleSettings, reasoningEffort: openaiSettings.reasoningEffort };
  if (provider === 'anthropic') return anthropicSettings;
  if (provider === 'google') return googleSettings;
  return provider === 'azure' ? { ...openaiCompatibleSettings, ...azureSettings } : openaiCompatibleSettings;
};

const hasLogprobs = (provider: string): boolean =>
  provider !== 'anthropic' && !(isPreset(provider) && PRESETS[provider].logprobs === undefined);
