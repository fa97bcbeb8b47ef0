import { given } from '../../domain/given.ts';
import { isObject } from '../../domain/is-object.ts';
import type { QuerySettings } from '../../domain/query-settings.ts';
import { reasoningEfforts } from '../../domain/reasoning-effort.ts';
import type { Conversation } from '../../domain/request.ts';
import type { Tool, ToolChoice } from '../../domain/tools.ts';
import type { Asked, JsonObject } from '../dialect.ts';
import {
  aFlag,
  aList,
  aNumber,
  anObject,
  anything,
  aText,
  aWholeNumber,
  checkFields,
  type FieldChecks,
  oneOfThese,
  requireFields,
  unsupported,
} from '../fields.ts';
import { readingOf, toolsByName } from '../query-parts.ts';
import { badRequest } from '../request-refusal.ts';
import { readMessages } from './read-messages.ts';

/** What a chat completion asks for. */
export interface ChatAsked extends Asked {
  /** Whether a stream ends with the tokens. */
  readonly wantsUsage: boolean;
  /** Whether a stream has a chunk for each vote. */
  readonly wantsVotes: boolean;
}

const checks: FieldChecks = {
  model: aText,
  messages: aList,
  stream: aFlag,
  stream_options: anObject,
  temperature: aNumber(0, 2),
  top_p: aNumber(0, 1),
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
  tools: aList,
  tool_choice: (value) =>
    typeof value === 'string' ? oneOfThese('auto', 'none', 'required')(value) : anObject(value),
  response_format: anObject,
  ensemble: anObject,
  // One answer is what an ensemble gives.
  n: oneOfThese(1),
  logprobs: oneOfThese(false),
  parallel_tool_calls: oneOfThese(true),
  modalities: (value) =>
    Array.isArray(value) && value.length === 1 && value[0] === 'text' ? undefined : '["text"]',
  store: oneOfThese(false),
  service_tier: oneOfThese('auto', 'default'),
  // These change no answer.
  user: anything,
  metadata: anything,
  safety_identifier: anything,
  prompt_cache_key: anything,
  prompt_cache_retention: anything,
};

/** Reads the body of a chat completion. */
export const readChat = (body: JsonObject): ChatAsked => {
  checkFields(body, checks);
  requireFields(body, ['model', 'messages']);
  const tools = readTools((body.tools ?? []) as readonly unknown[]);
  const hasTools = Object.keys(tools).length > 0;
  const toolChoice = readToolChoice(body.tool_choice);
  const streamOptions = (body.stream_options ?? {}) as JsonObject;
  checkFields(streamOptions, { include_usage: aFlag, include_obfuscation: anything }, 'stream_options.');
  const ensemble = (body.ensemble ?? {}) as JsonObject;
  checkFields(ensemble, { votes: aFlag, deadline_ms: aNumber(1, Number.MAX_SAFE_INTEGER) }, 'ensemble.');
  const deadlineMs = ensemble.deadline_ms as number | undefined;
  return {
    model: body.model as string,
    query: {
      messages: readMessages(body.messages as readonly unknown[]),
      ...(hasTools && { tools }),
      ...(hasTools && toolChoice !== undefined && { toolChoice }),
      ...settingsIn(body),
    },
    overrides: {
      ...readingOf({
        hasTools: hasTools && toolChoice !== 'none',
        schema: schemaIn(body.response_format),
        param: 'response_format.json_schema.schema',
      }),
      ...(typeof deadlineMs === 'number' && { deadlineMs }),
    },
    isStreamed: body.stream === true,
    wantsUsage: streamOptions.include_usage === true,
    wantsVotes: ensemble.votes === true,
  };
};

const settingsIn = (body: JsonObject): Pick<Conversation, 'settings'> => {
  const stop = body.stop;
  const settings = given({
    temperature: body.temperature,
    topP: body.top_p,
    topK: body.top_k,
    presencePenalty: body.presence_penalty,
    frequencyPenalty: body.frequency_penalty,
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens,
    seed: body.seed,
    stopSequences: typeof stop === 'string' ? [stop] : stop,
    reasoningEffort: body.reasoning_effort,
  });
  const set = Object.entries(settings).filter(([, value]) => value !== null);
  return set.length === 0 ? {} : { settings: Object.fromEntries(set) as QuerySettings };
};

const readTools = (tools: readonly unknown[]): Readonly<Record<string, Tool>> =>
  toolsByName(
    tools.map((tool, index) => {
      const { type, function: called } = (isObject(tool) ? tool : {}) as JsonObject;
      if (type !== 'function') throw unsupported(`tools[${index}].type`);
      const { name, description, parameters } = (isObject(called) ? called : {}) as JsonObject;
      if (typeof name !== 'string')
        throw badRequest(`tools[${index}].function.name: expected a string`, `tools[${index}].function.name`);
      return { name, description, schema: parameters };
    }),
    'tools',
  );

const readToolChoice = (choice: unknown): ToolChoice | undefined => {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return choice as ToolChoice;
  const { type, function: called } = choice as JsonObject;
  const name = (isObject(called) ? (called as JsonObject) : {}).name;
  if (type !== 'function' || typeof name !== 'string') throw unsupported('tool_choice');
  return { type: 'tool', toolName: name };
};

const schemaIn = (format: unknown): JsonObject | true | undefined => {
  if (format === undefined || format === null) return undefined;
  const { type, json_schema: named } = format as JsonObject;
  if (type === 'text') return undefined;
  if (type === 'json_object') return true;
  const { schema } = (isObject(named) ? named : {}) as JsonObject;
  if (type !== 'json_schema' || !isObject(schema))
    throw badRequest(
      'response_format: expected { type: "json_schema", json_schema: { name, schema } }, { type: "json_object" } or { type: "text" }',
      'response_format',
    );
  return schema as JsonObject;
};
