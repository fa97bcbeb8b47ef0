import type { AnswerFormat, ChatRequest, GivenTool } from '../../chat/asked-of.ts';
import { reasoningEfforts } from '../../domain/reasoning-effort.ts';
import type { ToolChoice } from '../../domain/tools.ts';
import { readPlugins } from '../chosen-panel.ts';
import type { Asked, JsonObject } from '../dialect.ts';
import { readEnsemble } from '../ensemble-options.ts';
import {
  aFlag,
  aList,
  aNumber,
  anObject,
  anything,
  aText,
  aWholeNumber,
  checkFields,
  emptyObject,
  type FieldChecks,
  oneOfThese,
  requireFields,
  unsupported,
} from '../fields.ts';
import { openAIFields } from '../openai-fields.ts';
import { requestOf } from '../request-of.ts';
import { listIn, objectAt, objectIn, textAt } from '../values.ts';
import { readMessages } from './read-messages.ts';

/** What a chat completion asks for. */
export interface ChatAsked extends Asked {
  /** Whether a stream ends with the tokens. */
  readonly wantsUsage: boolean;
  /** Whether a stream has a chunk for each vote. */
  readonly wantsVotes: boolean;
}

const checks: FieldChecks = {
  ...openAIFields,
  model: aText,
  messages: aList,
  top_k: aWholeNumber(1),
  presence_penalty: aNumber(-2, 2),
  frequency_penalty: aNumber(-2, 2),
  max_tokens: aWholeNumber(1),
  max_completion_tokens: aWholeNumber(1),
  seed: (value) => (Number.isSafeInteger(value) ? undefined : 'an integer'),
  stop: (value) =>
    typeof value === 'string' || (Array.isArray(value) && value.every((text) => typeof text === 'string'))
      ? undefined
      : 'a string or a list of strings',
  reasoning_effort: oneOfThese(...Object.keys(reasoningEfforts)),
  response_format: anObject,
  // One answer is what an ensemble gives.
  n: oneOfThese(1),
  logprobs: oneOfThese(false),
  modalities: (value) =>
    Array.isArray(value) && value.length === 1 && value[0] === 'text' ? undefined : '["text"]',
  store: oneOfThese(false),
  verbosity: oneOfThese('medium'),
  logit_bias: emptyObject,
  // What the answer is likely to be makes it faster only.
  prediction: anything,
};

/** Reads the body of a chat completion. */
export const readChat = (body: JsonObject): ChatAsked => {
  checkFields(body, checks);
  requireFields(body, ['model', 'messages']);
  const streamOptions = objectIn(body.stream_options);
  checkFields(streamOptions, { include_usage: aFlag, include_obfuscation: anything }, 'stream_options.');
  const { wantsVotes, deadlineMs } = readEnsemble(body.ensemble);
  return {
    ...requestOf({
      model: body.model,
      isStreamed: body.stream === true,
      messages: readMessages(listIn(body.messages)),
      tools: listIn(body.tools).map((tool, index) => readTool(tool, `tools[${index}]`)),
      toolChoice: readToolChoice(body.tool_choice),
      mayCallSeveral: body.parallel_tool_calls !== false,
      settings: settingsIn(body),
      format: formatIn(body.response_format),
      deadlineMs,
    }),
    chosen: readPlugins(body.plugins),
    wantsUsage: streamOptions.include_usage === true,
    wantsVotes,
  };
};

const settingsIn = (body: JsonObject): ChatRequest['settings'] => ({
  temperature: body.temperature,
  topP: body.top_p,
  topK: body.top_k,
  presencePenalty: body.presence_penalty,
  frequencyPenalty: body.frequency_penalty,
  maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
  seed: body.seed,
  stopSequences: typeof body.stop === 'string' ? [body.stop] : body.stop,
  reasoningEffort: body.reasoning_effort,
});

const readTool = (given: unknown, path: string): GivenTool => {
  const { type, function: called } = objectAt(given, path);
  if (type !== 'function') throw unsupported(`${path}.type`);
  const { name, description, parameters } = objectIn(called);
  return { name: textAt(name, `${path}.function.name`), description, schema: parameters };
};

const readToolChoice = (choice: unknown): ToolChoice | undefined => {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return choice as ToolChoice;
  const { type, function: called } = objectIn(choice);
  if (type !== 'function') throw unsupported('tool_choice.type');
  return { type: 'tool', toolName: textAt(objectIn(called).name, 'tool_choice.function.name') };
};

const formatIn = (format: unknown): AnswerFormat => {
  const { type = 'text', json_schema: named } = objectIn(format);
  if (type === 'text') return undefined;
  if (type === 'json_object') return 'json';
  if (type !== 'json_schema') throw unsupported('response_format.type');
  const place = 'response_format.json_schema.schema';
  return { schema: objectAt(objectIn(named).schema, place), place };
};
