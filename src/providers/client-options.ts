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
import {
  type AccessRules,
  accessOf,
  obstacleFault,
  type PassedAccess,
  SDK_ACCESS,
  type SdkProvider,
} from './access.ts';
import { baseURLFaults } from './base-url.ts';
import { MAX_RESPONSE_BYTES } from './bounded-fetch.ts';
import { keyFormFaults } from './key-form.ts';

/**
 * The request options that turn off retries and deadlines of the SDKs of OpenAI and Anthropic, because the ensemble
 * has its own. If there is no `timeout`, the SDKs use a default; they reject `undefined`.
 */
export const NO_RETRIES_NO_DEADLINE = { maxRetries: 0, timeout: MAX_DELAY_MS } as const;

/** The rules of a factory. The former SDK of Google reads no base URL from the environment. */
const rulesOf = (owner: string, provider: SdkProvider): AccessRules => {
  const { keyVariables, hosts, baseURL, baseURLVariable } = SDK_ACCESS[provider];
  return { keyVariables, hosts, baseURL, ...(owner !== 'gemini' && { baseURLVariable }) };
};

/** What {@link providerSpecs} needs to know. */
interface ProviderOptions {
  /** The function that has the options. */
  readonly owner: string;
  readonly modelId: string;
  readonly options: PassedAccess;
  /** A property of a ready-made client. */
  readonly property: string;
}

/** Returns the specifications of the options that all providers with an SDK have. */
export const providerSpecs = (
  provider: SdkProvider,
  { owner, modelId, options, property }: ProviderOptions,
) => {
  const { apiKey, baseURL } = accessOf(rulesOf(owner, provider), options ?? {});
  return {
    id: [properName, `${provider}/${modelId}`],
    apiKey: [nonEmpty, apiKey],
    baseURL: [ofType('string'), baseURL],
    client: suchThat(`a client with "${property}"`, (value) => isObject(value) && property in value),
    maxOutputTokens: wholeNumber(1),
    maxResponseBytes: [wholeNumber(1), MAX_RESPONSE_BYTES],
  } as const;
};

/** The parts of a factory's arguments that the checks of single options do not cover. */
interface ProviderArguments {
  readonly modelId: unknown;
  readonly options: PassedAccess & { readonly client?: unknown };
  /** The options that have no effect with a client. Default: `apiKey`, `baseURL`, `maxResponseBytes` and `fetch`. */
  readonly clientOptions?: readonly string[];
}

/** Returns the faults of a model id, a base URL, a missing key, and options that have no effect with a client. */
export const providerFaults = (
  owner: string,
  provider: SdkProvider,
  { modelId, options, clientOptions = ['apiKey', 'baseURL', 'maxResponseBytes', 'fetch'] }: ProviderArguments,
): string[] => [
  ...faultsOf(owner, { modelId }, { modelId: required(properName) }),
  ...baseURLFaults(owner, options?.baseURL),
  ...keyFormFaults(owner, options?.apiKey),
  ...(options?.client === undefined
    ? keyFaults(owner, provider, options)
    : clientOptions
        .filter((name) => Reflect.get(options, name) !== undefined)
        .map(
          (name) => `${owner}: option "${name}" has no effect with "client": set it on the client instead`,
        )),
];

const keyFaults = (owner: string, provider: SdkProvider, options: PassedAccess | undefined): string[] => {
  const rules = rulesOf(owner, provider);
  // An invalid address has a fault of its own.
  const isAddress = baseURLFaults(owner, options?.baseURL).length === 0;
  const { obstacle } = accessOf(rules, {
    apiKey: options?.apiKey,
    ...(isAddress && { baseURL: options?.baseURL }),
  });
  const names = { apiKey: 'option "apiKey"', baseURL: '"baseURL"' };
  return obstacle === undefined ? [] : [`${owner}: ${obstacleFault(rules, obstacle, names)}`];
};
