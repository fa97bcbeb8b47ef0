import { defer, EMPTY, switchMap } from 'rxjs';
import { parseName } from '../catalog/parse-name.ts';
import { accessRulesOf, isPreset, requirementsOf } from '../catalog/providers.ts';
import { contained } from '../domain/contained-call.ts';
import { given } from '../domain/given.ts';
import type { Model } from '../domain/model.ts';
import { attemptListener } from '../domain/request.ts';
import { type Access, accessOf, obstacleFault } from '../providers/access.ts';
import { loadOnce } from '../providers/load-once.ts';

/** The keys and base URLs of providers. */
export interface ProviderAccess {
  /** Keys by provider. If a provider has none here, its environment variables are read, for its own hosts only. */
  readonly apiKeys?: Readonly<Record<string, string | undefined>> | undefined;
  /** Base URLs by provider, for proxies and your own servers. If a provider has none here, its default applies. */
  readonly baseURLs?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Creates the model of a name, and lists the faults that prevent its use. Its code is imported at the first call. If the
 * name has a fault, the model is a placeholder, so that the rest of the panel can still be checked.
 *
 * @param variables the environment. Default: that of the process.
 */
export const namedModel = (
  name: string,
  { apiKeys, baseURLs }: ProviderAccess,
  variables?: Readonly<Record<string, string | undefined>>,
): { readonly model: Model; readonly faults: readonly string[] } => {
  const named = parseName(name);
  if ('fault' in named) return { model: { id: name, call: () => EMPTY }, faults: [named.fault] };
  const { id, provider, modelId } = named;
  const passed = { apiKey: apiKeys?.[provider], baseURL: baseURLs?.[provider] };
  const access = accessOf(accessRulesOf(provider), passed, variables);
  const options = { id, ...given({ apiKey: access.apiKey, baseURL: access.baseURL }) };
  const loaded = loadOnce(() => load(provider, modelId, options));
  // If the caller unsubscribes before the code is imported, nothing is sent.
  const call: Model['call'] = (request) =>
    defer(() => {
      attemptListener(request)?.attemptWaits(true);
      return loaded();
    }).pipe(switchMap((model) => contained(model, request)));
  return { model: { id, provider, modelId, call }, faults: accessFaults(provider, access) };
};

interface ProviderOptions {
  readonly id: string;
  readonly apiKey?: string;
  readonly baseURL?: string;
}

/** Imports the code of one provider alone. */
const load = async (provider: string, modelId: string, options: ProviderOptions): Promise<Model> => {
  if (isPreset(provider)) {
    const { openaiCompatible } = await import('../providers/openai-compatible.ts');
    return openaiCompatible(modelId, { ...options, preset: provider });
  }
  if (provider === 'anthropic')
    return (await import('../providers/anthropic.ts')).anthropic(modelId, options);
  if (provider === 'google')
    return (await import('../providers/google-genai.ts')).googleGenAI(modelId, options);
  return (await import('../providers/openai.ts')).openai(modelId, options);
};

const accessFaults = (provider: string, { baseURL, obstacle }: Access): string[] => {
  const rules = accessRulesOf(provider);
  // Another server in the place of a preset's may need no key.
  const needsKey = obstacle !== undefined && !(isPreset(provider) && obstacle === 'elsewhere');
  const names = { apiKey: `apiKeys.${provider}`, baseURL: `baseURLs.${provider}`, provider };
  return [
    ...(needsKey ? [obstacleFault(rules, obstacle, names)] : []),
    ...(requirementsOf(provider).needsBaseURL && baseURL === undefined
      ? [`there is no base URL for ${provider}: pass baseURLs.${provider}, the address of your resource`]
      : []),
  ];
};
