import { MalformedResponseError } from '../../domain/errors.ts';
import { isObject } from '../../domain/is-object.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { asObject } from '../as-object.ts';
import { argumentsRead } from '../tool-calls.ts';

/** Whether a block or an event has a type. */
export const isTyped = (part: unknown): boolean => {
  const { type } = asObject(part);
  return typeof type === 'string' && type !== '';
};

/** Returns the blocks of a content. Some gateways send one block, or its text, without an array. `undefined` if it is neither. */
export const blocksOf = (content: unknown): readonly unknown[] | undefined => {
  const blocks = isObject(content) || typeof content === 'string' ? [content].flat() : undefined;
  return blocks?.map((block) => (typeof block === 'string' ? { type: 'text', text: block } : block));
};

/**
 * Returns the text of a block, or of a piece of one; empty if it is of another type, such as a thought.
 *
 * @throws {MalformedResponseError} if it is not text, or there is no block.
 */
export const textOf = (model: string, part: unknown, textType: string): string => {
  if (typeof part === 'string') return part;
  const { type, text } = asObject(part);
  if (part === null || text === null || (isTyped(part) && type !== textType)) return '';
  if (typeof text === 'string') return text;
  throw new MalformedResponseError(model, 'the stream has a text block that is not text');
};

/** Returns the reasoning of a block, or of a piece of one; empty if it is of another type. */
export const thoughtOf = (part: unknown): string => {
  const { type, thinking } = asObject(part);
  return (type === 'thinking' || type === 'thinking_delta') && typeof thinking === 'string' ? thinking : '';
};

/** Returns the call of a tool of the caller that a block is; `undefined` if it is of another type. */
export const callOf = (block: unknown): ToolCall | undefined => {
  const { type, id, name, input } = asObject(block);
  if (type !== 'tool_use' || typeof name !== 'string') return undefined;
  return {
    toolName: name,
    input: typeof input === 'string' ? argumentsRead(input) : (input ?? {}),
    ...(typeof id === 'string' && { toolCallId: id }),
  };
};
