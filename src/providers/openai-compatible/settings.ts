import {
  between,
  type Check,
  faultsOf,
  nonEmpty,
  ofType,
  oneOf,
  refuse,
  wholeNumber,
} from '../../options.ts';
import { MAX_RESPONSE_BYTES } from '../bounded-fetch.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import { headersOf } from './headers.ts';
import type { OpenAICompatibleOptions } from './options.ts';
import { type AnswerFormat, PLAIN, PRESETS, type Preset } from './presets.ts';

/** The options, checked, with all that follows from them. Holds the key: it stays in a closure. */
export interface Settings extends OpenAICompatibleOptions, Endpoint {
  readonly id: string;
  readonly server: Preset;
  readonly headers: Readonly<Record<string, string>>;
  readonly answerFormat: AnswerFormat;
  readonly maxResponseBytes: number;
}

const dispatcher: Check = oneOf(
  [],
  'an undici Dispatcher',
  (value) => typeof value === 'object' && value !== null && 'request' in value,
);

const parameters: Check = (value) => {
  try {
    return typeof value === 'object' && value !== null && JSON.stringify(value)?.startsWith('{')
      ? undefined
      : 'an object';
  } catch {
    return 'an object that JSON can express';
  }
};

const CHECKS: Readonly<Record<keyof OpenAICompatibleOptions, Check>> = {
  preset: oneOf(Object.keys(PRESETS), ''),
  baseURL: ofType('string'),
  apiKey: ofType('string'),
  // Looked at in `headers.ts`, since a fault found here repeats the value.
  headers: () => undefined,
  id: nonEmpty,
  maxOutputTokens: wholeNumber(1),
  temperature: between(0, 2),
  confidence: oneOf(['logprobs'], ''),
  answerFormat: oneOf(['json_schema', 'json_object', 'none'], ''),
  parameters,
  maxResponseBytes: wholeNumber(1),
  dispatcher,
  fetch: ofType('function'),
  resource: nonEmpty,
  deployment: nonEmpty,
  apiVersion: nonEmpty,
};

/** @throws {ConfigError} listing every fault. */
export const checkedOptions = (
  owner: string,
  modelId: string,
  options: OpenAICompatibleOptions,
): Settings => {
  const faults = [
    ...faultsOf(owner, { modelId: modelId ?? null }, { modelId: nonEmpty }),
    ...faultsOf(owner, options, CHECKS),
  ];
  // What several options make together is looked at for those that are what they should be.
  const sound = soundOnes(options);
  const server: Preset = sound.preset === undefined ? PLAIN : PRESETS[sound.preset];
  const endpoint = endpointOf(owner, modelId, sound, server);
  const { headers, faults: headerFaults } = headersOf(owner, sound, server);
  if ('faults' in endpoint) faults.push(...endpoint.faults);
  faults.push(...headerFaults);
  if (sound.confidence === 'logprobs' && server.logprobs === undefined) {
    faults.push(`${owner}: option "confidence" must not be 'logprobs': ${server.provider} gives none`);
  }
  if (sound.dispatcher !== undefined && sound.fetch !== undefined) {
    faults.push(`${owner}: options "dispatcher" and "fetch" are both transports: give one of them`);
  }
  refuse(faults);
  return {
    ...options,
    ...(endpoint as Endpoint),
    id: options.id ?? `${server.provider}/${modelId}`,
    server,
    headers,
    answerFormat: options.answerFormat ?? server.answerFormat,
    maxResponseBytes: options.maxResponseBytes ?? MAX_RESPONSE_BYTES,
  };
};

const soundOnes = (options: OpenAICompatibleOptions): OpenAICompatibleOptions =>
  Object.fromEntries(
    Object.entries(options ?? {}).filter(
      ([name, value]) =>
        Object.hasOwn(CHECKS, name) && CHECKS[name as keyof typeof CHECKS](value) === undefined,
    ),
  );
