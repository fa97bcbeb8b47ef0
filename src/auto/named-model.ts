import { EMPTY } from 'rxjs';
import { parseName } from '../catalog/parse-name.ts';
import { isPreset, requirementsOf } from '../catalog/providers.ts';
import type { Model } from '../domain/model.ts';
import { environmentKey } from '../providers/environment.ts';
import { lazyModel } from './lazy-model.ts';

/** What the calls to providers are made with. */
export interface ProviderAccess {
  /** Keys by provider, in place of those in the environment. */
  readonly apiKeys?: Readonly<Record<string, string | undefined>> | undefined;
  /** Addresses by provider, in place of their own: of a proxy, or of a server of yours. */
  readonly baseURLs?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A model by its name, and what keeps it from being asked. */
export interface Named {
  readonly model: Model;
  readonly faults: readonly string[];
}

/** The model of a name. One with faults is a seat without a voice, so that the rest of a panel can be checked. */
export const namedModel = (name: string, { apiKeys, baseURLs }: ProviderAccess): Named => {
  const named = parseName(name);
  if ('fault' in named) return { model: { id: name, call: () => EMPTY }, faults: [named.fault] };
  const { id, provider, modelId } = named;
  const [apiKey, baseURL] = [apiKeys?.[provider], baseURLs?.[provider]];
  const options = { id, ...(apiKey !== undefined && { apiKey }), ...(baseURL !== undefined && { baseURL }) };
  return {
    model: lazyModel({ id, provider, modelId }, () => load(provider, modelId, options)),
    faults: accessFaults(provider, options),
  };
};

interface ProviderOptions {
  readonly id: string;
  readonly apiKey?: string;
  readonly baseURL?: string;
}

/** Imports the code of one provider, and nothing of the others. */
const load = async (provider: string, modelId: string, options: ProviderOptions): Promise<Model> => {
  if (isPreset(provider)) {
    const { openaiCompatible } = await import('../providers/openai-compatible.ts');
    return openaiCompatible(modelId, { ...options, preset: provider });
  }
  if (provider === 'anthropic') {
    const { anthropic } = await import('../providers/anthropic.ts');
    return anthropic(modelId, options);
  }
  if (provider === 'google') {
    const { googleGenAI } = await import('../providers/google-genai.ts');
    return googleGenAI(modelId, options);
  }
  const { openai } = await import('../providers/openai.ts');
  return openai(modelId, options);
};

const accessFaults = (provider: string, { apiKey, baseURL }: ProviderOptions): string[] => {
  const { keyVariables, needsBaseURL } = requirementsOf(provider);
  // A server in the place of a known one may need no key, and does not get the one of the environment.
  const needsKey = keyVariables.length > 0 && !(isPreset(provider) && baseURL !== undefined);
  const hasKey = (apiKey ?? environmentKey(...keyVariables)) !== undefined;
  return [
    ...(needsKey && !hasKey
      ? [`there is no key for ${provider}: set ${keyVariables.join(' or ')}, or pass apiKeys.${provider}`]
      : []),
    ...(needsBaseURL && baseURL === undefined
      ? [`there is no address for ${provider}: pass baseURLs.${provider}`]
      : []),
  ];
};
