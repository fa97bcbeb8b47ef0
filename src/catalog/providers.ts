import { type AccessRules, SDK_ACCESS, type SdkProvider } from '../providers/access.ts';
import { PRESETS, type PresetName, presetAccess } from '../providers/openai-compatible/presets.ts';

/** The providers that model names can begin with. All but `anthropic` and `google` speak OpenAI's protocol. */
export const providers: readonly string[] = [
  ...new Set([...Object.keys(SDK_ACCESS), ...Object.keys(PRESETS)]),
];

/** Whether a provider is a preset of `openaiCompatible`. */
export const isPreset = (provider: string): provider is PresetName => Object.hasOwn(PRESETS, provider);

/** Returns where the key of a provider comes from, and where it may go. */
export const accessRulesOf = (provider: string): AccessRules =>
  isPreset(provider) ? presetAccess(PRESETS[provider]) : SDK_ACCESS[provider as SdkProvider];

/**
 * Returns the environment variables of a provider's key, in order of precedence and none if it needs no key, and whether
 * the caller has to pass its base URL.
 */
export const requirementsOf = (
  provider: string,
): { readonly keyVariables: readonly string[]; readonly needsBaseURL: boolean } => {
  const { keyVariables, baseURL } = accessRulesOf(provider);
  return { keyVariables, needsBaseURL: baseURL === undefined };
};
