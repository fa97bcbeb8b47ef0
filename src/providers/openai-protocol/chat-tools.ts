import type { ModelRequest } from '../../domain/request.ts';
import { type JsonSchema, sentToolName, type ToolChoice } from '../../domain/tools.ts';
import { isStrict } from './response-format.ts';

/** A tool of a chat completion request. */
interface ChatTool {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description?: string;
    readonly parameters: Record<string, unknown>;
    readonly strict?: boolean;
  };
}

/** The tools of a chat completion request, and which of them the model may call. */
export interface ChatTools {
  readonly tools?: ChatTool[];
  readonly tool_choice?:
    | 'auto'
    | 'none'
    | 'required'
    | { readonly type: 'function'; readonly function: { readonly name: string } };
}

/**
 * Converts the tools of a request.
 *
 * @param takesStrict whether the server knows strict schemas: a tool then gets arguments that fit, if its schema allows that.
 */
export const chatTools = (
  { tools, toolChoice }: Pick<ModelRequest, 'tools' | 'toolChoice'>,
  takesStrict: boolean,
): ChatTools => {
  if (tools === undefined) return {};
  return {
    tools: Object.entries(tools).map(([name, { description, inputSchema }]) => ({
      type: 'function',
      function: {
        name: sentToolName(name),
        ...(description !== undefined && { description }),
        parameters: inputSchema as Record<string, unknown>,
        ...(takesStrict && isStrictInput(inputSchema) && { strict: true }),
      },
    })),
    ...(toolChoice !== undefined && { tool_choice: toChoice(toolChoice) }),
  };
};

const isStrictInput = (schema: JsonSchema): boolean => schema.type === 'object' && isStrict(schema);

const toChoice = (choice: ToolChoice): NonNullable<ChatTools['tool_choice']> =>
  typeof choice === 'string'
    ? choice
    : { type: 'function', function: { name: sentToolName(choice.toolName) } };
