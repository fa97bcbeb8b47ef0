import type { QuerySettings } from '../../domain/query-settings.ts';
import type { RequestTool, ToolChoice } from '../../domain/tools.ts';
import type { SentPart, SentRequest } from './wire-dialect.ts';

type Source =
  | { readonly type: 'base64'; readonly media_type: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'text'; readonly data: string };

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'document'; readonly source: Source; readonly title?: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly type: 'tool_result'; readonly tool_use_id: string; readonly content: string };

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string | readonly Block[];
}

interface SentTool {
  readonly name: string;
  readonly description?: string;
  readonly input_schema: RequestTool['inputSchema'];
}

type Choice = { readonly type: 'auto' | 'none' | 'any' } | { readonly type: 'tool'; readonly name: string };

interface MessagesBody {
  readonly messages: readonly Turn[];
  readonly tools?: readonly SentTool[];
  readonly tool_choice?: Choice;
  readonly output_config?: { readonly effort?: QuerySettings['reasoningEffort'] };
}

/** Reads the body of a request of the Messages API back. */
export const readMessages = (body: unknown): SentRequest => {
  const { messages, tools, tool_choice: choice, output_config, ...fields } = body as MessagesBody;
  const effort = output_config?.effort;
  return {
    parts: messages.flatMap(({ role, content }) =>
      typeof content === 'string'
        ? [{ role, type: 'text', text: content }]
        : content.map((block) => readBlock(role, block)),
    ),
    tools:
      tools &&
      Object.fromEntries(
        tools.map(({ name, input_schema: inputSchema, ...tool }) => [name, { ...tool, inputSchema }]),
      ),
    toolChoice: choice && readChoice(choice),
    settings: { ...readSettings(fields), ...(effort !== undefined && { reasoningEffort: effort }) },
  };
};

const readBlock = (role: Turn['role'], block: Block): SentPart => {
  switch (block.type) {
    case 'text':
      return { role, ...block };
    case 'tool_use':
      return { role, type: 'tool-call', toolCallId: block.id, toolName: block.name, input: block.input };
    case 'tool_result':
      return {
        role: 'tool',
        type: 'tool-result',
        toolCallId: block.tool_use_id,
        output: readOutput(block.content),
      };
    case 'image':
    case 'document': {
      const { source, title } = block;
      return { role, type: 'file', ...readSource(source), ...(title !== undefined && { filename: title }) };
    }
  }
};

/** A result is a text, which may be one of JSON. */
const readOutput = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
};

const readSource = (source: Source): Pick<SentPart, 'data' | 'mediaType'> => {
  if (source.type === 'url') return { data: source.url };
  if (source.type === 'base64') return { data: source.data, mediaType: source.media_type };
  return { data: Buffer.from(source.data).toString('base64') };
};

const readChoice = (choice: Choice): ToolChoice => {
  if (choice.type === 'tool') return { type: 'tool', toolName: choice.name };
  return choice.type === 'any' ? 'required' : choice.type;
};

const FIELDS: Readonly<Record<string, keyof QuerySettings>> = {
  max_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  stop_sequences: 'stopSequences',
};

const readSettings = (fields: object): QuerySettings =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      FIELDS[name] === undefined ? [] : [[FIELDS[name], value]],
    ),
  );
