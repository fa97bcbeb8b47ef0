import type { QuerySettings } from '../../domain/query-settings.ts';
import type { JsonSchema, RequestTool, ToolChoice } from '../../domain/tools.ts';
import { readOutput, readUrl } from './read-chat.ts';
import type { SentPart, SentRequest } from './wire-dialect.ts';

type InputPart =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_image'; readonly image_url: string }
  | {
      readonly type: 'input_file';
      readonly file_data?: string;
      readonly file_url?: string;
      readonly filename?: string;
    };

type InputItem =
  | { readonly type?: 'message'; readonly role: 'user' | 'assistant'; readonly content: string | InputPart[] }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'function_call_output'; readonly call_id: string; readonly output: string };

interface FunctionTool {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonSchema;
}

interface ResponsesBody {
  readonly input: readonly InputItem[];
  readonly tools?: readonly FunctionTool[];
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly max_output_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  readonly reasoning?: { readonly effort?: NonNullable<QuerySettings['reasoningEffort']> };
}

/** Reads the body of a request of the Responses API back. */
export const readResponses = (body: unknown): SentRequest => {
  const { input, tools, tool_choice: choice, ...fields } = body as ResponsesBody;
  return {
    parts: input.flatMap(partsOf),
    tools: tools && Object.fromEntries(tools.map(readTool)),
    toolChoice: choice && readChoice(choice),
    settings: readSettings(fields),
  };
};

const partsOf = (item: InputItem): SentPart[] => {
  switch (item.type) {
    case 'function_call': {
      const { call_id: toolCallId, name: toolName, arguments: input } = item;
      return [{ role: 'assistant', type: 'tool-call', toolCallId, toolName, input: JSON.parse(input) }];
    }
    case 'function_call_output':
      return [
        { role: 'tool', type: 'tool-result', toolCallId: item.call_id, output: readOutput(item.output) },
      ];
    default: {
      const { role, content } = item;
      return typeof content === 'string'
        ? [{ role, type: 'text', text: content }]
        : content.map((part) => ({ role, ...readPart(part) }));
    }
  }
};

const readPart = (part: InputPart): Omit<SentPart, 'role'> => {
  if (part.type === 'input_text') return { type: 'text', text: part.text };
  if (part.type === 'input_image') return { type: 'file', ...readUrl(part.image_url) };
  const { file_data, file_url = '', filename } = part;
  return { type: 'file', ...readUrl(file_data ?? file_url), ...(filename !== undefined && { filename }) };
};

const readTool = ({ name, description, parameters }: FunctionTool): [string, RequestTool] => [
  name,
  { ...(description !== undefined && { description }), inputSchema: parameters },
];

const readChoice = (choice: NonNullable<ResponsesBody['tool_choice']>): ToolChoice =>
  typeof choice === 'string' ? choice : { type: 'tool', toolName: choice.name };

const readSettings = ({
  max_output_tokens: maxOutputTokens,
  temperature,
  top_p: topP,
  reasoning,
}: Omit<ResponsesBody, 'input'>): QuerySettings =>
  Object.fromEntries(
    Object.entries({ maxOutputTokens, temperature, topP, reasoningEffort: reasoning?.effort }).filter(
      ([, value]) => value !== undefined,
    ),
  );
