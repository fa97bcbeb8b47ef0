/**
 * Google's Gemini API: requests, responses, usage and errors as JSON. Shared by Google's current and former SDK.
 */

import { given } from '../../domain/given.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import { type ModelRequest, smallerLimit, warnOf } from '../../domain/request.ts';
import { sentToolName } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { effortSent } from '../effort-sent.ts';
import { withParameters } from '../extra-parameters.ts';
import { answerLimit, type OutputLimit, positiveCount } from '../output-limit.ts';
import { type GeminiModel, geminiModel } from '../refused-settings.ts';
import type { GoogleOptions } from './options.ts';
import { type GoogleContent, toContents } from './to-contents.ts';

/** The body of a request. */
export interface GoogleRequest {
  readonly contents: GoogleContent[];
  readonly systemInstruction?: GoogleContent;
  readonly tools?: GoogleTool[];
  readonly toolConfig?: { readonly functionCallingConfig: object };
  readonly generationConfig: Readonly<Record<string, unknown>>;
}

/** The tools of a request. */
export interface GoogleTool {
  readonly functionDeclarations: {
    readonly name: string;
    readonly description?: string;
    readonly parametersJsonSchema: object;
  }[];
}

/** What limits the output of a call, by `maxOutputTokens` and `generationConfig`. */
export const outputLimit = ({ maxOutputTokens, generationConfig }: GoogleOptions): OutputLimit => ({
  perAnswer: maxOutputTokens ?? positiveCount(generationConfig?.maxOutputTokens),
  answers: positiveCount(generationConfig?.candidateCount) ?? 1,
});

/** What a request is built with besides the options: the settings of its query that the model takes, and the model. */
interface Asked {
  readonly settings?: QuerySettings;
  readonly known?: GeminiModel;
}

/**
 * Converts a request to the API's. Parameters that are not set are not sent.
 *
 * @throws {InvalidRequestError} if the limit of the request has less than one token for each answer, or for bytes of an
 *   unknown type.
 */
export const buildRequest = (
  request: ModelRequest,
  options: GoogleOptions,
  { settings = {}, known = geminiModel('') }: Asked = {},
): GoogleRequest => {
  const { system, messages, tools, toolChoice } = request;
  const { id = 'google', parameters } = options;
  const body: GoogleRequest = {
    contents: toContents(id, messages, known),
    ...(system !== undefined && { systemInstruction: { role: 'system', parts: [{ text: system }] } }),
    ...(tools !== undefined && { tools: [toTool(tools)] }),
    ...(tools !== undefined && toolChoice !== undefined && { toolConfig: toToolConfig(toolChoice) }),
    generationConfig: configOf(request, { ...options, id }, { settings, known }),
  };
  return withParameters(body, parameters);
};

const toTool = (tools: NonNullable<ModelRequest['tools']>): GoogleTool => ({
  functionDeclarations: Object.entries(tools).map(([name, { description, inputSchema }]) => ({
    name: sentToolName(name),
    ...(description !== undefined && { description }),
    parametersJsonSchema: inputSchema,
  })),
});

const MODES = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const;

const toToolConfig = (
  choice: NonNullable<ModelRequest['toolChoice']>,
): NonNullable<GoogleRequest['toolConfig']> => ({
  functionCallingConfig:
    typeof choice === 'string'
      ? { mode: MODES[choice] }
      : { mode: 'ANY', allowedFunctionNames: [sentToolName(choice.toolName)] },
});

const configOf = (
  request: ModelRequest,
  options: GoogleOptions & { readonly id: string },
  { settings, known }: Required<Asked>,
): GoogleRequest['generationConfig'] => {
  const { id, generationConfig, confidence, temperature } = options;
  const { perAnswer, answers } = outputLimit(options);
  const limit = { perAnswer: smallerLimit(perAnswer, settings.maxOutputTokens), answers };
  const { reasoningEffort, maxOutputTokens: _, ...sampling } = settings;
  const answerSchema = schemaOf(id, request, known);
  return {
    ...generationConfig,
    ...given({
      temperature,
      ...sampling,
      maxOutputTokens: answerLimit(id, request, limit),
      responseLogprobs: confidence === 'logprobs' ? true : undefined,
      responseMimeType: answerSchema && 'application/json',
      responseJsonSchema: answerSchema,
      thinkingConfig:
        reasoningEffort &&
        thinkingOf(effortSent(id, request, reasoningEffort, known), generationConfig, known),
    }),
  };
};

/** Returns the schema of the answer. Older models take none together with tools. */
const schemaOf = (
  id: string,
  request: ModelRequest,
  { thinking }: GeminiModel,
): ModelRequest['answerSchema'] => {
  const { answerSchema, tools } = request;
  if (answerSchema === undefined || tools === undefined || thinking === 'level') return answerSchema;
  warnOf(request, `${id} does not take the schema of the answer together with tools: it was left out`);
  return undefined;
};

/** The tokens of the efforts, as Google's own server for OpenAI's protocol sets them. */
const BUDGETS = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
} as const;

/** Returns how much a model is to think, next to the other fields of its own. It takes only one of both forms. */
const thinkingOf = (
  effort: keyof typeof BUDGETS,
  generationConfig: GoogleOptions['generationConfig'],
  { thinking }: GeminiModel,
): object => {
  const {
    thinkingLevel: _level,
    thinkingBudget: _budget,
    ...own
  } = asObject(generationConfig?.thinkingConfig);
  return thinking === 'budget'
    ? { ...own, thinkingBudget: BUDGETS[effort] }
    : { ...own, thinkingLevel: effort.toUpperCase() };
};

/** The settings that the API takes. Their names are the same. */
export const SETTINGS = [
  ...(['maxOutputTokens', 'temperature', 'topP', 'topK', 'presencePenalty', 'frequencyPenalty'] as const),
  ...(['stopSequences', 'seed', 'reasoningEffort'] as const),
] satisfies (keyof QuerySettings)[];
