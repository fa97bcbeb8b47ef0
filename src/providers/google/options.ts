import { between, faultsOf, nonEmpty, ofType, oneOf, refuse, wholeNumber } from '../../options.ts';
import { MAX_RESPONSE_BYTES } from '../bounded-fetch.ts';
import { clientFaults, clientWith, url } from '../client-options.ts';

/** What the models of Gemini can be given, whatever SDK they are asked through. */
export interface GoogleOptions {
  /** Names the model in votes, weights and costs. Default: `google/` and the model's name. */
  readonly id?: string;
  /** The key. Default: the environment's `GEMINI_API_KEY`, else its `GOOGLE_API_KEY`. */
  readonly apiKey?: string;
  /** Where the API is, without its version. Default: the SDK's own. */
  readonly baseURL?: string;
  /** The most tokens that are written, thoughts included. Default: the model's own. */
  readonly maxOutputTokens?: number;
  /** How freely tokens are drawn, 0..2. Default: not sent; newer models ignore it. */
  readonly temperature?: number;
  /** Asks for the probabilities of tokens, and takes the confidence from them. Many models refuse. */
  readonly confidence?: 'logprobs';
  /** More of the API's `generationConfig`, sent as it is: `{ thinkingConfig: { thinkingBudget: 0 } }`. */
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  /** The most bytes of a response that are read. Default 16 MiB. */
  readonly maxResponseBytes?: number;
}

/** The options of a model once they have been checked. */
export interface CheckedOptions extends GoogleOptions {
  readonly id: string;
  readonly maxResponseBytes: number;
}

/** What is told apart of the SDKs in their options. */
interface Sdk {
  /** The function that the options are for. */
  readonly owner: string;
  /** What a ready-made client is known by. */
  readonly property: string;
  /** What it has been made with already. */
  readonly fixed: readonly (keyof GoogleOptions)[];
}

/**
 * The options of a model, with the defaults that all need.
 *
 * @throws {ConfigError} listing every fault.
 */
export const checkedOptions = <Options extends GoogleOptions & { readonly client?: object }>(
  modelId: string,
  options: Options,
  { owner, property, fixed }: Sdk,
): Options & CheckedOptions => {
  refuse([
    ...faultsOf(owner, { modelId: modelId ?? null }, { modelId: nonEmpty }),
    ...faultsOf(owner, options, {
      id: nonEmpty,
      apiKey: nonEmpty,
      baseURL: url,
      client: clientWith(property),
      maxOutputTokens: wholeNumber(1),
      temperature: between(0, 2),
      confidence: oneOf(['logprobs'], ''),
      generationConfig: ofType('object'),
      maxResponseBytes: wholeNumber(1),
    }),
    ...clientFaults(owner, {
      client: options?.client,
      ...Object.fromEntries(fixed.map((name) => [name, options?.[name]])),
    }),
  ]);
  return {
    ...options,
    id: options.id ?? `google/${modelId}`,
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
  };
};
