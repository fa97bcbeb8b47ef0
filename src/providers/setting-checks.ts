import { isObject } from '../domain/is-object.ts';
import { reasoningEfforts } from '../domain/reasoning-effort.ts';
import { between, type Check, nonEmpty, ofType, oneOf, properName, wholeNumber } from '../options.ts';
import type { AnswerFormat } from './openai-compatible/presets.ts';

/** How much effort a model of Anthropic makes, from the least to the most. */
export type Effort = 'low' | 'medium' | 'high' | 'xhigh' | 'max';

const EFFORTS: Readonly<Record<Effort, true>> = {
  low: true,
  medium: true,
  high: true,
  xhigh: true,
  max: true,
};

const ANSWER_FORMATS: Readonly<Record<AnswerFormat, true>> = {
  json_schema: true,
  json_object: true,
  none: true,
};

const parameters: Check = (value) => {
  try {
    return isObject(value) && JSON.stringify(value)?.startsWith('{') ? undefined : 'an object';
  } catch {
    return 'an object that JSON can express';
  }
};

const anyModel = { maxOutputTokens: wholeNumber(1), maxResponseBytes: wholeNumber(1) } as const;

const api = oneOf(['chat', 'responses'], '');

/** The checks of the settings of models of OpenAI, besides those of its protocol. */
export const openaiSettings = {
  ...anyModel,
  api,
  temperature: between(0, 2),
  reasoningEffort: oneOf(Object.keys(reasoningEfforts), ''),
  reasoningSummary: oneOf(['auto', 'concise', 'detailed'], ''),
  finish: oneOf(['required', 'optional'], ''),
  parameters,
} as const;

/** The checks of the settings of models of servers with OpenAI's protocol. */
export const openaiCompatibleSettings = {
  ...anyModel,
  api,
  temperature: between(0, 2),
  answerFormat: oneOf(Object.keys(ANSWER_FORMATS), ''),
  finish: oneOf(['required', 'optional'], ''),
  parameters,
} as const;

/** The checks of the settings of models of Azure, besides those of its protocol. */
export const azureSettings = { resource: nonEmpty, deployment: properName, apiVersion: nonEmpty } as const;

/** The checks of the settings of models of Anthropic. */
export const anthropicSettings = {
  ...anyModel,
  effort: oneOf(Object.keys(EFFORTS), ''),
  parameters,
} as const;

/** The checks of the settings of models of Google. */
export const googleSettings = {
  ...anyModel,
  temperature: between(0, 2),
  generationConfig: ofType('object'),
  parameters,
} as const;
