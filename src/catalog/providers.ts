import { PRESETS, type Preset, type PresetName } from '../providers/openai-compatible/presets.ts';

/** The providers that model names can begin with. All but the first three speak OpenAI's protocol. */
export const providers: readonly string[] = ['openai', 'anthropic', 'google', ...Object.keys(PRESETS)];

/** Whether a provider is a preset of `openaiCompatible`. */
export const isPreset = (provider: string): provider is PresetName => Object.hasOwn(PRESETS, provider);

const keyVariablesOf: Readonly<Record<string, readonly string[]>> = {
  openai: ['OPENAI_API_KEY'],
  anthropic: ['ANTHROPIC_API_KEY'],
  google: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
};

/**
 * Returns the environment variables of a provider's key, in order of precedence and none if it needs no key, and whether
 * the caller has to pass its base URL.
 */
export const requirementsOf = (
  provider: string,
): { readonly keyVariables: readonly string[]; readonly needsBaseURL: boolean } => {
  const { keyVariable, baseURL }: Partial<Preset> = isPreset(provider) ? PRESETS[provider] : {};
  return {
    keyVariables: keyVariablesOf[provider] ?? (keyVariable === undefined ? [] : [keyVariable]),
    needsBaseURL: isPreset(provider) && baseURL === undefined,
  };
};
