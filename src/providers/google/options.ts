import { given } from '../../domain/given.ts';
import { checked, oneOf } from '../../options.ts';
import { providerFaults, providerSpecs } from '../client-options.ts';
import { parameterFaults } from '../extra-parameters.ts';
import { googleSettings } from '../setting-checks.ts';

/** Options of Gemini models, with either SDK. */
export interface GoogleOptions {
  /** The name of the model in votes, weights and costs. Default: `google/` and the model's name. */
  readonly id?: string;
  /** The API key. Default: the variable `GEMINI_API_KEY`, or else `GOOGLE_API_KEY`, for Google's own host only. */
  readonly apiKey?: string;
  /** The base URL of the API, without its version. Another host than Google's requires `apiKey`. Default: the SDK's. */
  readonly baseURL?: string;
  /** The maximum number of output tokens, from 1, with thoughts. Default: the model's. */
  readonly maxOutputTokens?: number;
  /** The sampling temperature, 0..2. Default: not sent; newer models ignore it. */
  readonly temperature?: number;
  /** Requests token probabilities and computes the confidence from them. Many models reject it. Default: off. */
  readonly confidence?: 'logprobs';
  /** More fields of the API's `generationConfig`, such as `{ thinkingConfig: { thinkingBudget: 0 } }`. Default: none. */
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  /**
   * More fields of the request, such as `{ safetySettings: […] }` or `{ serviceTier: 'flex' }`. They are merged into it last:
   * objects field by field, lists one after the other. Default: none.
   */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The maximum size of a response, in bytes, from 1. Default: 16 MiB. */
  readonly maxResponseBytes?: number;
}

/** The options of a model after their checks, with their defaults. */
export type GoogleSettings = GoogleOptions &
  Required<Pick<GoogleOptions, 'id' | 'apiKey' | 'maxResponseBytes'>>;

/** The differences between the SDKs in their options. */
interface Sdk {
  /** The function that has the options. */
  readonly owner: string;
  /** A property of a ready-made client. */
  readonly property: string;
  /** The options that a ready-made client already has. */
  readonly clientOptions: readonly (keyof GoogleOptions)[];
  /** The faults of this runtime. */
  readonly faults: readonly string[];
}

const CONFIG = 'set the option "generationConfig"';
const SYSTEM = 'give the query "system"';

/** The fields of a request that are set in another way, in both spellings of the API. */
const FIXED: Readonly<Record<string, string>> = {
  model: 'give the model as the first argument',
  contents: 'they are those of the query',
  systemInstruction: SYSTEM,
  system_instruction: SYSTEM,
  generationConfig: CONFIG,
  generation_config: CONFIG,
};

/**
 * Checks the options of a model and adds the defaults.
 *
 * @throws {ConfigError} listing every fault.
 */
export const checkedOptions = <Options extends GoogleOptions & { readonly client?: object }>(
  modelId: string,
  options: Options,
  { owner, property, clientOptions, faults }: Sdk,
): Options & GoogleSettings => {
  const { id, apiKey, baseURL, maxResponseBytes } = checked(
    owner,
    options as GoogleOptions & { readonly client?: object },
    {
      ...googleSettings,
      ...providerSpecs('google', { owner, modelId, options, property }),
      confidence: oneOf(['logprobs'], ''),
    },
    [
      ...providerFaults(owner, 'google', { modelId, options, clientOptions }),
      ...parameterFaults(owner, options?.parameters, FIXED),
      ...faults,
    ],
  );
  return { ...options, id, apiKey, ...given({ baseURL }), maxResponseBytes };
};
