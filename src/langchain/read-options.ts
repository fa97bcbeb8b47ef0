import type { BindToolsInput } from '@langchain/core/language_models/chat_models';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import type { AnswerFormat, ChatRequest, GivenTool, JsonObject, Refuse } from '../chat/asked-of.ts';
import { isObject } from '../domain/is-object.ts';
import type { QuerySettings } from '../domain/query-settings.ts';
import type { ToolChoice } from '../domain/tools.ts';
import type { EnsembleCallOptions } from './ensemble-call-options.ts';

/** The settings of members by the names that models of LangChain give them. */
const SETTINGS: Readonly<Partial<Record<keyof EnsembleCallOptions, keyof QuerySettings>>> = {
  temperature: 'temperature',
  topP: 'topP',
  top_p: 'topP',
  topK: 'topK',
  top_k: 'topK',
  maxTokens: 'maxOutputTokens',
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  maxOutputTokens: 'maxOutputTokens',
  presencePenalty: 'presencePenalty',
  presence_penalty: 'presencePenalty',
  frequencyPenalty: 'frequencyPenalty',
  frequency_penalty: 'frequencyPenalty',
  seed: 'seed',
  stop: 'stopSequences',
  reasoningEffort: 'reasoningEffort',
  reasoning_effort: 'reasoningEffort',
};

/**
 * Converts the options of a call.
 *
 * @throws what `refuse` returns, for a tool or a format that members cannot be sent.
 */
export const readOptions = (
  options: EnsembleCallOptions,
  refuse: Refuse,
): Omit<ChatRequest, 'messages' | 'system'> => ({
  tools: (options.tools ?? []).map((tool, index) => readTool(tool, `tools[${index}]`, refuse)),
  toolChoice: readToolChoice(options.tool_choice, refuse),
  mayCallSeveral: options.parallel_tool_calls !== false,
  settings: Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([name, setting]) => {
      const value: unknown = Reflect.get(options, name);
      return value === undefined ? [] : [[setting, value]];
    }),
  ),
  format: readFormat(options.response_format, refuse),
});

/** Reads a tool of LangChain, or one in the form of OpenAI. */
export const readTool = (given: BindToolsInput, place: string, refuse: Refuse): GivenTool => {
  const { type, function: called } = convertToOpenAITool(given);
  if (type !== 'function' || typeof called?.name !== 'string')
    throw refuse(
      `${place}: expected a tool of LangChain, or { type: 'function', function: { name, parameters } }; members run no tools of a provider`,
      place,
    );
  const { name, description, parameters } = called;
  return { name, description, schema: parameters && plain(parameters) };
};

/** Returns a JSON Schema without what its library hides in it. */
export const plain = (schema: object): JsonObject => ({ ...schema });

const readToolChoice = (
  choice: EnsembleCallOptions['tool_choice'],
  refuse: Refuse,
): ToolChoice | undefined => {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'any' || choice === 'required') return 'required';
  if (choice === 'auto' || choice === 'none') return choice;
  const named: unknown = isObject(choice) ? (choice.function ?? choice) : { name: choice };
  const name: unknown = isObject(named) ? Reflect.get(named, 'name') : undefined;
  if (typeof name !== 'string')
    throw refuse(
      'tool_choice: expected "auto", "any", "none", the name of a tool, or { type: "function", function: { name } }',
      'tool_choice',
    );
  return { type: 'tool', toolName: name };
};

const readFormat = (format: EnsembleCallOptions['response_format'], refuse: Refuse): AnswerFormat => {
  const { type = 'text' } = format ?? {};
  if (type === 'text') return undefined;
  if (type === 'json_object') return 'json';
  const place = 'response_format.json_schema.schema';
  const schema: unknown = format?.json_schema?.schema;
  if (type !== 'json_schema' || !isObject(schema))
    throw refuse('response_format: expected { type: "json_schema", json_schema: { schema } }', place);
  return { schema: schema as JsonObject, place };
};
