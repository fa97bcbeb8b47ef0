import { defer, EMPTY, switchMap } from 'rxjs';
import { parseName } from '../catalog/parse-name.ts';
import type { PriceOverride } from '../catalog/price-override.ts';
import { accessRulesOf, isPreset, requirementsOf } from '../catalog/providers.ts';
import { contained } from '../domain/contained-call.ts';
import { given } from '../domain/given.ts';
import { type DirectCall, type Model, withoutConfidence } from '../domain/model.ts';
import type { ReasoningEffort } from '../domain/reasoning-effort.ts';
import { attemptListener } from '../domain/request.ts';
import { statedConfidence } from '../models/stated-confidence.ts';
import { type Access, accessOf, isOwn, obstacleFault } from '../providers/access.ts';
import { withParameters } from '../providers/extra-parameters.ts';
import { loadOnce } from '../providers/load-once.ts';
import { PRESETS } from '../providers/openai-compatible/presets.ts';
import { outputLimit } from '../providers/openai-compatible/token-fields.ts';
import { apiOf, type OpenAIApi } from '../providers/openai-responses/responses-only.ts';
import { mostOutputTokens } from '../providers/output-limit.ts';
import { type ModelSettings, type ModelSpec, settingFaults, specFaults, specName } from './model-spec.ts';

/** The keys and base URLs of providers. */
export interface ProviderAccess {
  /** Keys by provider. If a provider has none here, its environment variables are read, for its own hosts only. */
  readonly apiKeys?: Readonly<Record<string, string | undefined>> | undefined;
  /** Base URLs by provider, for proxies and your own servers. If a provider has none here, its default applies. */
  readonly baseURLs?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A model, and the faults that prevent its use. */
export interface ResolvedModel {
  /** If there are faults, a placeholder, so that the rest of the panel can still be checked. */
  readonly model: Model;
  readonly faults: readonly string[];
  /** The price that its options state. */
  readonly price?: PriceOverride | undefined;
}

/** The provider of a server that is known by its base URL alone. */
const ANY_SERVER = 'openai-compatible';

/**
 * Creates the model of a name with its options. Its code is imported at the first call.
 *
 * @param variables the environment. Default: that of the process.
 */
export const namedModel = (
  spec: ModelSpec,
  { apiKeys, baseURLs }: ProviderAccess,
  variables?: Readonly<Record<string, string | undefined>>,
): ResolvedModel => {
  const owner = specName(spec);
  const invalid = specFaults(owner, spec);
  if (invalid.length > 0) return { model: placeholder(spec), faults: invalid };
  const named = nameOf(spec);
  if ('fault' in named) return { model: placeholder(spec), faults: [named.fault] };
  const { provider, modelId } = named;
  const { model: name, id = name, confidence, settings = {} } = spec;
  const access = accessIn(provider, spec, { apiKeys, baseURLs }, variables);
  const sent = toOptions(modelId, settings);
  const options = {
    ...sent,
    id,
    ...given({
      apiKey: access.apiKey,
      baseURL: access.baseURL,
      confidence: confidence === 'logprobs' ? confidence : undefined,
    }),
  };
  const loaded = loadOnce(() => load(provider, modelId, options));
  // If the caller unsubscribes before the code is imported, nothing is sent.
  const call: DirectCall = (request) =>
    defer(() => {
      attemptListener(request)?.attemptWaits(true);
      return loaded();
    }).pipe(switchMap((model) => contained(model, request)));
  const model = {
    id,
    provider,
    modelId,
    ...given({
      maxOutputTokens: mostTokensOf(provider, sent),
      settings: isAsIs(spec) ? undefined : given({ ...sent, confidence }),
    }),
    call: givesNoConfidence(provider, spec) ? Object.assign(call, { [withoutConfidence]: true }) : call,
  };
  return {
    price: spec.price,
    model: confidence === 'stated' ? statedConfidence(model) : model,
    faults: [...settingFaults(owner, provider, spec), ...accessFaults(provider, spec, access)],
  };
};

/** Whether no response has a confidence, as the model says itself once it is imported. */
const givesNoConfidence = (provider: string, { confidence }: ModelSpec): boolean =>
  confidence === undefined &&
  (isPreset(provider) ? PRESETS[provider].logprobs === undefined : provider !== ANY_SERVER);

/** Whether a model has its provider's settings. */
const isAsIs = ({ settings, confidence }: ModelSpec): boolean =>
  settings === undefined && confidence === undefined;

const placeholder = ({ model, id = model }: ModelSpec): Model => ({ id: String(id), call: () => EMPTY });

/** With a base URL, a name that the catalog lacks is that of a model at this server. */
const nameOf = ({ model, baseURL }: ModelSpec): ReturnType<typeof parseName> => {
  const named = parseName(model);
  return 'fault' in named && baseURL !== undefined
    ? { id: model, provider: ANY_SERVER, modelId: model }
    : named;
};

/** Returns the key and the address of a model. A key for a provider does not go to the base URL of one of its models. */
const accessIn = (
  provider: string,
  { apiKey, baseURL }: ModelSpec,
  { apiKeys, baseURLs }: ProviderAccess,
  variables: Readonly<Record<string, string | undefined>> | undefined,
): Access => {
  if (provider === ANY_SERVER) return given({ apiKey, baseURL });
  const rules = accessRulesOf(provider);
  const isElsewhere = baseURL !== undefined && !isOwn(baseURL, rules.hosts);
  const passed = {
    apiKey: apiKey ?? (isElsewhere ? undefined : apiKeys?.[provider]),
    baseURL: baseURL ?? baseURLs?.[provider],
  };
  return accessOf(rules, passed, variables);
};

type ProviderSettings = Omit<ModelSettings, 'reasoningEffort'>;

type ProviderOptions = ProviderSettings & {
  readonly id: string;
  readonly apiKey?: string;
  readonly baseURL?: string;
};

/** The settings as options of the provider's function. */
const toOptions = (
  modelId: string,
  { reasoningEffort, parameters, ...settings }: ModelSettings,
): ProviderSettings => ({
  ...settings,
  ...given({
    parameters:
      reasoningEffort === undefined
        ? parameters
        : withParameters(effortFields(settings.api ?? apiOf(modelId), reasoningEffort), parameters),
  }),
});

const effortFields = (api: OpenAIApi, effort: ReasoningEffort): Readonly<Record<string, unknown>> =>
  api === 'responses' ? { reasoning: { effort } } : { reasoning_effort: effort };

/** The maximum number of tokens that a call writes, as the model says itself once it is imported. */
const mostTokensOf = (provider: string, settings: ProviderSettings): number | undefined =>
  isPreset(provider)
    ? mostOutputTokens(outputLimit({ ...settings, server: PRESETS[provider] }))
    : settings.maxOutputTokens;

/** Imports the code of one provider alone. */
const load = async (provider: string, modelId: string, options: ProviderOptions): Promise<Model> => {
  if (provider === ANY_SERVER || isPreset(provider)) {
    const { openaiCompatible } = await import('../providers/openai-compatible.ts');
    return openaiCompatible(modelId, { ...options, ...(isPreset(provider) && { preset: provider }) });
  }
  if (provider === 'anthropic')
    return (await import('../providers/anthropic.ts')).anthropic(modelId, options);
  return (await import('../providers/google-genai.ts')).googleGenAI(modelId, options);
};

const accessFaults = (provider: string, { settings }: ModelSpec, { baseURL, obstacle }: Access): string[] => {
  if (provider === ANY_SERVER) return [];
  const rules = accessRulesOf(provider);
  // Another server in the place of a preset's may need no key, unless it stands for OpenAI.
  const isKeyless = isPreset(provider) && provider !== 'openai' && obstacle === 'elsewhere';
  const needsKey = obstacle !== undefined && !isKeyless;
  const names = { apiKey: `apiKeys.${provider}`, baseURL: `baseURLs.${provider}`, provider };
  const hasAddress = baseURL !== undefined || settings?.resource !== undefined;
  return [
    ...(needsKey ? [obstacleFault(rules, obstacle, names)] : []),
    ...(requirementsOf(provider).needsBaseURL && !hasAddress
      ? [`there is no base URL for ${provider}: pass baseURLs.${provider}, the address of your resource`]
      : []),
  ];
};
