import { isObject } from '../domain/is-object.ts';
import type { FinishReason } from '../domain/model.ts';
import type { ToolCall } from '../domain/tools.ts';

/** Returns the arguments of a call in an earlier turn as the object that an API asks for. Another value is in its `input`. */
export const argumentsSent = (input: unknown): Record<string, unknown> => {
  const value = typeof input === 'string' ? argumentsRead(input) : input;
  if (isObject(value) && !Array.isArray(value)) return { ...value };
  return value === undefined || value === null ? {} : { input: value };
};

/** Returns the arguments that a model wrote as JSON: none for an empty text, and the text itself if it is broken. */
export const argumentsRead = (json: string): unknown => {
  if (json.trim() === '') return {};
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
};

/** What a model did in place of writing, or before it wrote: the members of a response that are absent if they are empty. */
export interface CallsAndThoughts {
  readonly toolCalls?: readonly ToolCall[];
  readonly reasoning?: string;
}

/** Returns the calls and the reasoning of a response, without those that are empty. */
export const callsAndThoughts = (toolCalls: readonly ToolCall[], reasoning: string): CallsAndThoughts => ({
  ...(toolCalls.length > 0 && { toolCalls }),
  ...(reasoning !== '' && { reasoning }),
});

/** Returns the finish reason of a response with calls of tools. Some servers say that the model stopped normally. */
export const finishOf = (
  finishReason: FinishReason | undefined,
  toolCalls: readonly ToolCall[],
): FinishReason | undefined =>
  finishReason === 'stop' && toolCalls.length > 0 ? 'tool-calls' : finishReason;
