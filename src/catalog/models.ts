import type { PriceOverride } from './price-override.ts';

/** The features of a model. */
export interface Capabilities {
  /** Returns the probabilities of its tokens. */
  readonly logprobs: boolean;
  /** Follows a JSON Schema. */
  readonly structuredOutput: boolean;
  readonly streaming: boolean;
  /** Supports `temperature` and similar parameters. Newer models ignore them or reject the request. */
  readonly samplingParameters: boolean;
}

/** A model that the catalog knows. Other models can be used too. */
export interface CatalogModel {
  readonly provider: string;
  /** The name of the model at its provider. */
  readonly modelId: string;
  readonly tier: 'cheap' | 'mid' | 'large';
  readonly capabilities: Capabilities;
  /** The first day without the model, such as `2026-12-11`, if one is announced. */
  readonly shutdownDate?: string;
  /** The model to use instead, as `provider/model`. */
  readonly replacement?: string;
  /** Its prices by date, if the price list lacks the model or confuses it with another. */
  readonly prices?: readonly PriceOverride[];
}

const classic: Capabilities = {
  logprobs: true,
  structuredOutput: true,
  streaming: true,
  samplingParameters: true,
};
const withoutLogprobs: Capabilities = { ...classic, logprobs: false };
/** Reasoning models take no sampling parameters and return no probabilities, unless reasoning is turned off. */
const reasoning: Capabilities = { ...withoutLogprobs, samplingParameters: false };

/** The models behind the short names, the shutdown warnings and the price overrides. Checked 2026-11-24. */
export const catalog: readonly CatalogModel[] = [
  { provider: 'openai', modelId: 'gpt-6-luna', tier: 'cheap', capabilities: reasoning },
  {
    provider: 'openai',
    modelId: 'gpt-6.1-terra',
    tier: 'mid',
    capabilities: reasoning,
    prices: [
      {
        inputPerMillionUsd: 1,
        cachedInputPerMillionUsd: 0.05,
        cacheWritePerMillionUsd: 1.25,
        outputPerMillionUsd: 5,
        longInput: {
          aboveTokens: 272_000,
          inputPerMillionUsd: 2,
          cachedInputPerMillionUsd: 0.1,
          cacheWritePerMillionUsd: 2.5,
          outputPerMillionUsd: 7.5,
        },
      },
    ],
  },
  {
    provider: 'openai',
    modelId: 'gpt-6.1-sol',
    tier: 'large',
    capabilities: reasoning,
    prices: [
      {
        inputPerMillionUsd: 2,
        cachedInputPerMillionUsd: 0.1,
        cacheWritePerMillionUsd: 2.5,
        outputPerMillionUsd: 10,
        longInput: {
          aboveTokens: 272_000,
          inputPerMillionUsd: 4,
          cachedInputPerMillionUsd: 0.2,
          cacheWritePerMillionUsd: 5,
          outputPerMillionUsd: 15,
        },
      },
    ],
  },
  {
    provider: 'openai',
    modelId: 'gpt-4o-mini',
    tier: 'cheap',
    capabilities: classic,
    shutdownDate: '2027-01-14',
    replacement: 'openai/gpt-6-luna',
  },
  {
    provider: 'openai',
    modelId: 'gpt-4o',
    tier: 'mid',
    capabilities: classic,
    shutdownDate: '2027-01-14',
    replacement: 'openai/gpt-6-luna',
  },
  {
    provider: 'openai',
    modelId: 'gpt-5-nano',
    tier: 'cheap',
    capabilities: reasoning,
    shutdownDate: '2026-12-11',
    replacement: 'openai/gpt-6-luna',
  },
  {
    provider: 'openai',
    modelId: 'gpt-5-mini',
    tier: 'mid',
    capabilities: reasoning,
    shutdownDate: '2026-12-11',
    replacement: 'openai/gpt-6.1-terra',
  },
  {
    provider: 'openai',
    modelId: 'gpt-5',
    tier: 'large',
    capabilities: reasoning,
    shutdownDate: '2026-12-11',
    replacement: 'openai/gpt-6.1-sol',
  },
  {
    provider: 'openai',
    modelId: 'gpt-4',
    tier: 'large',
    capabilities: { ...classic, structuredOutput: false },
    shutdownDate: '2026-10-23',
    replacement: 'openai/gpt-6.1-sol',
  },
  {
    provider: 'anthropic',
    modelId: 'claude-haiku-5-5',
    tier: 'cheap',
    capabilities: reasoning,
    prices: [
      {
        inputPerMillionUsd: 0.1,
        cachedInputPerMillionUsd: 0.01,
        cacheWritePerMillionUsd: 0.125,
        outputPerMillionUsd: 0.5,
        longInput: {
          aboveTokens: 100_000,
          inputPerMillionUsd: 0.5,
          cachedInputPerMillionUsd: 0.05,
          cacheWritePerMillionUsd: 0.625,
          outputPerMillionUsd: 2.5,
        },
      },
    ],
  },
  { provider: 'anthropic', modelId: 'claude-haiku-4-5', tier: 'cheap', capabilities: reasoning },
  {
    provider: 'anthropic',
    modelId: 'claude-sonnet-5-5',
    tier: 'mid',
    capabilities: reasoning,
    prices: [
      {
        inputPerMillionUsd: 2,
        cachedInputPerMillionUsd: 0.2,
        cacheWritePerMillionUsd: 2.5,
        outputPerMillionUsd: 10,
      },
      {
        from: '2026-10-07',
        inputPerMillionUsd: 2,
        cachedInputPerMillionUsd: 0.1,
        cacheWritePerMillionUsd: 2.5,
        outputPerMillionUsd: 10,
      },
    ],
  },
  { provider: 'anthropic', modelId: 'claude-sonnet-5', tier: 'mid', capabilities: reasoning },
  { provider: 'anthropic', modelId: 'claude-opus-5-5', tier: 'large', capabilities: reasoning },
  { provider: 'google', modelId: 'gemini-3.5-flash-lite', tier: 'cheap', capabilities: reasoning },
  { provider: 'google', modelId: 'gemini-3.8-flash', tier: 'mid', capabilities: reasoning },
  {
    provider: 'google',
    modelId: 'gemini-4-argon',
    tier: 'large',
    capabilities: reasoning,
    prices: [
      { inputPerMillionUsd: 2, cachedInputPerMillionUsd: 0.1, outputPerMillionUsd: 10 },
      { from: '2026-12-01', inputPerMillionUsd: 4, cachedInputPerMillionUsd: 0.2, outputPerMillionUsd: 20 },
    ],
  },
  {
    provider: 'google',
    modelId: 'gemini-2.5-flash',
    tier: 'cheap',
    capabilities: withoutLogprobs,
    shutdownDate: '2026-12-01',
    replacement: 'google/gemini-3.5-flash-lite',
  },
  {
    provider: 'google',
    modelId: 'gemini-2.5-pro',
    tier: 'large',
    capabilities: withoutLogprobs,
    shutdownDate: '2026-12-01',
    replacement: 'google/gemini-3.8-flash',
  },
  {
    provider: 'google',
    modelId: 'gemini-2.0-flash',
    tier: 'cheap',
    capabilities: withoutLogprobs,
    shutdownDate: '2026-06-01',
    replacement: 'google/gemini-3.5-flash-lite',
  },
];

/** Stable names. Each is the current model of a family. A later release may replace the model. */
export const shortNames: Readonly<Record<string, string>> = {
  gemini_flash: 'google/gemini-3.5-flash-lite',
  gemini_pro: 'google/gemini-4-argon',
  openai_gpt4o_mini: 'openai/gpt-6-luna',
  openai_gpt4o: 'openai/gpt-6.1-terra',
  openai_gpt4: 'openai/gpt-6.1-sol',
  anthropic_haiku: 'anthropic/claude-haiku-5-5',
  anthropic_sonnet: 'anthropic/claude-sonnet-5-5',
  anthropic_opus: 'anthropic/claude-opus-5-5',
};
