import type { Prediction } from '../domain/prediction.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { AskedOfChat } from './asked-of.ts';

/** What a client reads as the answer. */
export interface ServedAnswer {
  /** The answer as its model wrote it, or as JSON if the request has a schema; empty if only tools are called. */
  readonly text: string;
  /** The calls of tools, each with an id of its own. */
  readonly toolCalls: readonly ServedToolCall[];
}

/** A call of a tool as a client runs it. */
export interface ServedToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments, as an object of JSON. */
  readonly input: unknown;
}

/** Returns the answer of a prediction, as a client reads it. */
export const answerOf = (
  { answersJson }: Pick<AskedOfChat, 'answersJson'>,
  { text, answer, toolCalls = [] }: Prediction,
  id: string,
): ServedAnswer => {
  if (toolCalls.length > 0) return { text: '', toolCalls: toolCalls.map(served(id)) };
  return { text: answersJson ? JSON.stringify(answer) : text, toolCalls: [] };
};

const served =
  (id: string) =>
  ({ toolName, input }: ToolCall, index: number): ServedToolCall => ({
    id: `call_${id}_${index}`,
    name: toolName,
    input,
  });
