import type { StandardSchema } from './standard-schema.ts';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool that a model may call. The library runs no tools: their calls are the answer. */
export interface Tool {
  /** What the tool does and when to call it. */
  readonly description?: string;
  /** The arguments: a JSON Schema of an object, or a Standard Schema that can be converted to one, such as one of zod 4.2. */
  readonly inputSchema: JsonSchema | StandardSchema;
}

/** A tool as a model receives it. */
export interface RequestTool {
  readonly description?: string;
  readonly inputSchema: JsonSchema;
}

/** Whether the model may, must not or must call a tool, or which one it must call. Default `auto`. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly type: 'tool'; readonly toolName: string };

/** A call of a tool, as a model made it. */
export interface ToolCall {
  readonly toolName: string;
  /** The arguments as the model gave them: an object, or the text of one that may be broken. */
  readonly input: unknown;
  /** The provider's id of the call, which a result refers to. */
  readonly toolCallId?: string | undefined;
}

/** Returns the name of a tool as providers take it: letters, digits, `_` and `-`. */
export const sentToolName = (name: string): string => name.replace(/[^\w-]/g, '_');
