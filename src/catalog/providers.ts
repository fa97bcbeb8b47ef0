import { KEY_VARIABLES, type SdkProvider } from '../providers/environment.ts';
import { PRESETS, type PresetName } from '../providers/openai-compatible/presets.ts';

/** The providers that model names can begin with. All but the first three speak OpenAI's protocol. */
export const providers: readonly string[] = [...Object.keys(KEY_VARIABLES), ...Object.keys(PRESETS)];

/** Whether a provider is a preset of `openaiCompatible`. */
export const isPreset = (provider: string): provider is PresetName => Object.hasOwn(PRESETS, provider);

/**
 * Returns the environment variables of a provider's key, in order of precedence and none if it needs no key, and whether
 * the caller has to pass its base URL.
 */
export const requirementsOf = (
  provider: string,
): { readonly keyVariables: readonly string[]; readonly needsBaseURL: boolean } => {
  if (!isPreset(provider))
    return { keyVariables: KEY_VARIABLES[provider as SdkProvider], needsBaseURL: false };
  const { keyVariable, baseURL } = PRESETS[provider];
  return {
    keyVariables: keyVariable === undefined ? [] : [keyVariable],
    needsBaseURL: baseURL === undefined,
  };
};
