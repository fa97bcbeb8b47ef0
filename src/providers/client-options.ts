import { isObject } from '../domain/is-object.ts';
import { type Check, faultsOf, MAX_DELAY_MS, nonEmpty, required, suchThat } from '../options.ts';
import { baseURLFaults } from './base-url.ts';
import { keyFaults } from './environment.ts';

/**
 * The request options that turn off retries and deadlines of the SDKs of OpenAI and Anthropic, because the ensemble
 * has its own. If there is no `timeout`, the SDKs use a default; they reject `undefined`.
 */
export const NO_RETRIES_NO_DEADLINE = { maxRetries: 0, timeout: MAX_DELAY_MS } as const;

/** A ready-made client, by a property that it has. */
export const clientWith = (property: string): Check =>
  suchThat(`a client with "${property}"`, (value) => isObject(value) && property in value);

/** The parts of a factory's arguments that the checks of single options do not cover. */
interface ProviderArguments {
  readonly modelId: unknown;
  readonly options: { readonly client?: unknown; readonly apiKey?: unknown; readonly baseURL?: unknown };
  /** The environment variables of the key, in order of precedence. */
  readonly keyVariables: readonly string[];
  /** The options that a ready-made client already has, so that they have no effect beside it. */
  readonly clientOptions: readonly string[];
}

/** Returns the faults of a model id, a base URL, a missing key, and options that have no effect beside a client. */
export const providerFaults = (
  owner: string,
  { modelId, options, keyVariables, clientOptions }: ProviderArguments,
): string[] => [
  ...faultsOf(owner, { modelId }, { modelId: required(nonEmpty) }),
  ...baseURLFaults(owner, options?.baseURL),
  ...(options?.client === undefined
    ? keyFaults(owner, options?.apiKey, ...keyVariables)
    : clientOptions
        .filter((name) => Reflect.get(options, name) !== undefined)
        .map(
          (name) => `${owner}: option "${name}" has no effect beside "client": set it on the client instead`,
        )),
];
