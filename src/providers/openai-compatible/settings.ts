import { isObject } from '../../domain/is-object.ts';
import {
  type Check,
  checked,
  faultsOf,
  ofType,
  oneOf,
  properName,
  required,
  suchThat,
  wholeNumber,
} from '../../options.ts';
import { isOwn } from '../access.ts';
import { MAX_RESPONSE_BYTES } from '../bounded-fetch.ts';
import { parameterFaults } from '../extra-parameters.ts';
import { FIXED_FIELDS } from '../openai-protocol/fixed-fields.ts';
import { apiOf, finishFault, type OpenAIApi } from '../openai-responses/responses-only.ts';
import { azureSettings, openaiCompatibleSettings } from '../setting-checks.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import { fetchTransport } from './fetch-transport.ts';
import { headersOf } from './headers.ts';
import type { OpenAICompatibleOptions } from './options.ts';
import { platformTransport } from './platform-transport.ts';
import { type AnswerFormat, PLAIN, PRESETS, type Preset, presetAccess } from './presets.ts';
import type { Transport } from './transport.ts';
import { dispatcherTransport } from './undici-transport.ts';

/** The options after their checks, with the values that follow from them. Contains the key, so it stays in a closure. */
export interface Settings extends OpenAICompatibleOptions, Endpoint {
  readonly id: string;
  readonly provider: string;
  readonly server: Preset;
  readonly api: OpenAIApi;
  /** Whether the API may be chosen for each request: the caller has not, and the server has both. */
  readonly isApiFree: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly answerFormat: AnswerFormat;
  readonly finish: 'required' | 'optional';
  readonly maxResponseBytes: number;
}

const aDispatcher = suchThat('an undici Dispatcher', (value) => isObject(value) && 'request' in value);

const checks: Readonly<Record<keyof OpenAICompatibleOptions, Check>> = {
  preset: oneOf(Object.keys(PRESETS), ''),
  baseURL: ofType('string'),
  apiKey: ofType('string'),
  // Checked in `headers.ts`, because a fault here would repeat the value.
  headers: () => undefined,
  id: properName,
  ...openaiCompatibleSettings,
  ...azureSettings,
  confidence: oneOf(['logprobs'], ''),
  dispatcher: aDispatcher,
  fetch: ofType('function'),
};

/**
 * Checks the options of a model and resolves its endpoint and its headers.
 *
 * @throws {ConfigError} listing every fault.
 */
export const checkedOptions = (
  owner: string,
  modelId: string,
  options: OpenAICompatibleOptions,
): Settings => {
  // Faults of several options together are only meaningful if each of them is valid.
  const valid = validOptions(options);
  const { preset } = valid;
  const provider = preset ?? 'openai-compatible';
  const isOpenAI = preset === 'openai' || preset === 'azure';
  const defaultApi = isOpenAI ? apiOf(modelId) : 'chat';
  const api = valid.api ?? defaultApi;
  const known: Preset = preset === undefined ? PLAIN : PRESETS[preset];
  const server: Preset = api === 'chat' ? known : { ...known, maxTokensField: 'max_output_tokens' };
  const hasBothApis = isOpenAI && api === 'chat' && valid.apiVersion === undefined;
  const endpoint = endpointOf(owner, { modelId, options: valid, server, api });
  const { headers, faults: headerFaults } = headersOf(owner, valid, server);
  const { id, answerFormat, finish, maxResponseBytes } = checked(
    owner,
    options,
    {
      ...checks,
      id: [properName, `${provider}/${modelId}`],
      api: [checks.api, defaultApi],
      answerFormat: [checks.answerFormat, server.answerFormat],
      finish: [checks.finish, 'required'],
      maxResponseBytes: [wholeNumber(1), MAX_RESPONSE_BYTES],
    },
    [
      ...faultsOf(owner, { modelId }, { modelId: required(properName) }),
      ...('faults' in endpoint ? endpoint.faults : []),
      ...headerFaults,
      ...parameterFaults(owner, valid.parameters, FIXED_FIELDS),
      ...(api === 'responses' && valid.finish !== undefined ? [finishFault(owner)] : []),
      ...(valid.confidence === 'logprobs' && server.logprobs === undefined
        ? [`${owner}: option "confidence" must not be 'logprobs': ${provider} returns no probabilities`]
        : []),
      ...(valid.dispatcher !== undefined && valid.fetch !== undefined
        ? [`${owner}: options "dispatcher" and "fetch" exclude each other: pass one of them`]
        : []),
    ],
  );
  return {
    ...options,
    ...(endpoint as Endpoint),
    id,
    provider,
    server,
    api,
    isApiFree:
      hasBothApis &&
      valid.api === undefined &&
      'url' in endpoint &&
      isOwn(endpoint.url.href, presetAccess(server).hosts),
    headers,
    answerFormat,
    finish,
    maxResponseBytes,
  };
};

const validOptions = (options: OpenAICompatibleOptions): OpenAICompatibleOptions =>
  Object.fromEntries(
    Object.entries(options ?? {}).filter(
      ([name, value]) =>
        Object.hasOwn(checks, name) && checks[name as keyof typeof checks](value) === undefined,
    ),
  );

/** The values of the headers, except the one that every request has. */
export const secretsIn = ({ 'content-type': _, ...headers }: Settings['headers']): readonly string[] =>
  Object.values(headers);

/** Returns what sends the requests of a model. */
export const transportOf = async ({ dispatcher, fetch }: Settings): Promise<Transport> => {
  if (dispatcher !== undefined) return dispatcherTransport(dispatcher);
  return fetch === undefined ? platformTransport() : fetchTransport(fetch);
};
