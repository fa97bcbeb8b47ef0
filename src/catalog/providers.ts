import { PRESETS, type Preset, type PresetName } from '../providers/openai-compatible/presets.ts';

/** The providers whose models can be told by name; all but the first three speak the protocol of the first. */
export const providers: readonly string[] = ['openai', 'anthropic', 'google', ...Object.keys(PRESETS)];

export const isProvider = (name: string): boolean => providers.includes(name);

/** The name of a server that is asked through `openaiCompatible`. */
export const isPreset = (provider: string): provider is PresetName => Object.hasOwn(PRESETS, provider);

const keyVariablesOf: Readonly<Record<string, readonly string[]>> = {
  openai: ['OPENAI_API_KEY'],
  anthropic: ['ANTHROPIC_API_KEY'],
  google: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
};

/** What it takes to ask a provider. */
export interface Requirements {
  /** The environment variables that may hold its key, the first of them first; none where it needs no key. */
  readonly keyVariables: readonly string[];
  /** Whether its address has to be told. */
  readonly needsBaseURL: boolean;
}

export const requirementsOf = (provider: string): Requirements => {
  const { keyVariable, baseURL }: Partial<Preset> = isPreset(provider) ? PRESETS[provider] : {};
  return {
    keyVariables: keyVariablesOf[provider] ?? (keyVariable === undefined ? [] : [keyVariable]),
    needsBaseURL: isPreset(provider) && baseURL === undefined,
  };
};
