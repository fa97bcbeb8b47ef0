import { isObject } from '../domain/is-object.ts';
import {
  faultsOf,
  MAX_DELAY_MS,
  nonEmpty,
  ofType,
  properName,
  required,
  suchThat,
  wholeNumber,
} from '../options.ts';
import { baseURLFaults } from './base-url.ts';
import { MAX_RESPONSE_BYTES } from './bounded-fetch.ts';
import { environmentKey, KEY_VARIABLES, keyFaults, type SdkProvider } from './environment.ts';

/**
 * The request options that turn off retries and deadlines of the SDKs of OpenAI and Anthropic, because the ensemble
 * has its own. If there is no `timeout`, the SDKs use a default; they reject `undefined`.
 */
export const NO_RETRIES_NO_DEADLINE = { maxRetries: 0, timeout: MAX_DELAY_MS } as const;

/**
 * Returns the specifications of the options that all providers with an SDK have.
 *
 * @param property a property of a ready-made client.
 */
export const providerSpecs = (provider: SdkProvider, modelId: string, property: string) =>
  ({
    id: [properName, `${provider}/${modelId}`],
    apiKey: [nonEmpty, environmentKey(...KEY_VARIABLES[provider])],
    baseURL: ofType('string'),
    client: suchThat(`a client with "${property}"`, (value) => isObject(value) && property in value),
    maxOutputTokens: wholeNumber(1),
    maxResponseBytes: [wholeNumber(1), MAX_RESPONSE_BYTES],
  }) as const;

/** The parts of a factory's arguments that the checks of single options do not cover. */
interface ProviderArguments {
  readonly modelId: unknown;
  readonly options: { readonly client?: unknown; readonly apiKey?: unknown; readonly baseURL?: unknown };
  /** The options that have no effect beside a client. Default: `apiKey`, `baseURL` and `maxResponseBytes`. */
  readonly clientOptions?: readonly string[];
}

/** Returns the faults of a model id, a base URL, a missing key, and options that have no effect beside a client. */
export const providerFaults = (
  owner: string,
  provider: SdkProvider,
  { modelId, options, clientOptions = ['apiKey', 'baseURL', 'maxResponseBytes'] }: ProviderArguments,
): string[] => [
  ...faultsOf(owner, { modelId }, { modelId: required(properName) }),
  ...baseURLFaults(owner, options?.baseURL),
  ...(options?.client === undefined
    ? keyFaults(owner, options?.apiKey, ...KEY_VARIABLES[provider])
    : clientOptions
        .filter((name) => Reflect.get(options, name) !== undefined)
        .map(
          (name) => `${owner}: option "${name}" has no effect beside "client": set it on the client instead`,
        )),
];
