import type { MessageCreateParams, Tool, ToolChoice } from '@anthropic-ai/sdk/resources/messages';
import { given } from '../../domain/given.ts';
import { omit } from '../../domain/omit.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import { type ModelRequest, warnOf } from '../../domain/request.ts';
import { sentToolName } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { withParameters } from '../extra-parameters.ts';
import type { Exchange } from '../provider-model.ts';
import type { ClaudeModel } from '../refused-settings.ts';
import type { Effort } from '../setting-checks.ts';
import { outputFormat } from './output-format.ts';
import { reasoningOf } from './reasoning.ts';
import { toMessages } from './to-messages.ts';

/** The options of a model that are part of its requests. */
export interface BodyOptions {
  readonly id: string;
  readonly modelId: string;
  readonly maxOutputTokens: number;
  readonly effort?: Effort | undefined;
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly known: ClaudeModel;
}

/** The sampling parameters are no longer in the types of the SDK, because newer models refuse them. */
type Body = MessageCreateParams & Sampling;

interface Sampling {
  readonly temperature?: number;
  readonly top_p?: number;
  readonly top_k?: number;
}

/**
 * Converts a request to the body of the API. Parameters that are not set are not sent.
 *
 * @throws {InvalidRequestError} for a file that the API does not take.
 */
export const requestBody = async (
  exchange: Pick<Exchange, 'request' | 'settings'>,
  options: BodyOptions,
): Promise<Body> => {
  const { request, settings } = exchange;
  const { id, modelId, parameters } = options;
  const { system, messages, answerSchema, tools, wantsDeltas } = request;
  const format = answerSchema && (await outputFormat(id, answerSchema));
  const { reasons, effort, thinking, toolChoice } = reasoningOf(exchange, options);
  const limits = [options.maxOutputTokens, settings.maxOutputTokens, request.maxOutputTokens];
  const stopSequences = settings.stopSequences?.filter((text) => /\S/.test(text));
  if (stopSequences?.length !== settings.stopSequences?.length)
    warnOf(request, `${id} does not take blank texts as "stopSequences": they were left out`);
  const body: Body = {
    model: modelId,
    max_tokens: Math.min(...limits.filter((limit) => limit !== undefined)),
    messages: toMessages(id, messages),
    ...given({
      system,
      tools: tools && toTools(tools),
      tool_choice: tools && toolChoice && toToolChoice(toolChoice),
      stop_sequences: stopSequences?.length === 0 ? undefined : stopSequences,
      output_config: format || effort ? given({ format, effort }) : undefined,
      thinking,
    }),
    ...samplingOf(exchange, options, reasons),
    ...(wantsDeltas && { stream: true as const }),
  };
  return withParameters(body, parameters && remaining(parameters, settings));
};

/** The settings that replace a field of the request of the same meaning. */
const FIELDS = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  stopSequences: 'stop_sequences',
} as const;

/** Returns the parameters that the settings of a query do not replace. */
const remaining = (
  parameters: NonNullable<BodyOptions['parameters']>,
  settings: QuerySettings,
): BodyOptions['parameters'] => {
  const replaced = Object.entries(FIELDS).flatMap(([name, field]) =>
    settings[name as keyof typeof FIELDS] === undefined ? [] : [field],
  );
  const rest = omit(parameters, replaced);
  const { reasoningEffort } = settings;
  if (reasoningEffort === undefined) return rest;
  const { thinking, output_config, ...others } = rest;
  // What it shows of its reasoning is another matter.
  const isKept = reasoningEffort !== 'none' && asObject(thinking).type === 'adaptive';
  return {
    ...others,
    ...(isKept && { thinking }),
    ...(output_config !== undefined && { output_config: omit(asObject(output_config), ['effort']) }),
  };
};

const toTools = (tools: NonNullable<ModelRequest['tools']>): Tool[] =>
  Object.entries(tools).map(([name, { description, inputSchema }]) => ({
    name: sentToolName(name),
    ...(description !== undefined && { description }),
    input_schema: inputSchema as Tool.InputSchema,
  }));

const toToolChoice = (choice: NonNullable<ModelRequest['toolChoice']>): ToolChoice => {
  if (typeof choice === 'object') return { type: 'tool', name: sentToolName(choice.toolName) };
  return { type: choice === 'required' ? 'any' : choice };
};

/** Returns the sampling parameters that the API takes together. Warns of the others. */
const samplingOf = (
  { request, settings }: Pick<Exchange, 'request' | 'settings'>,
  { id, known }: BodyOptions,
  reasons: boolean,
): Sampling => {
  const taken = (
    name: 'temperature' | 'topP' | 'topK',
    objection: string | undefined,
  ): number | undefined => {
    const value = settings[name];
    const reason = reasons ? 'while it reasons' : objection;
    if (value === undefined || reason === undefined) return value;
    warnOf(request, `${id} does not take the setting "${name}" ${reason}: it was left out`);
    return undefined;
  };
  const isHot = (settings.temperature ?? 0) > 1;
  const temperature = taken('temperature', isHot ? 'above 1' : undefined);
  const isOther = known.takesOneSampler && temperature !== undefined;
  return given({
    temperature,
    top_p: taken('topP', isOther ? 'next to "temperature"' : undefined),
    top_k: taken('topK', undefined),
  });
};

/** The settings that the API takes. */
export const SETTINGS: readonly (keyof QuerySettings)[] = [
  ...(['maxOutputTokens', 'temperature', 'topP', 'topK', 'stopSequences', 'reasoningEffort'] as const),
];
