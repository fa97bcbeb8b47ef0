import type { QuerySettings } from '../../domain/query-settings.ts';
import type { RequestTool, ToolChoice } from '../../domain/tools.ts';
import type { SentPart, SentRequest } from './wire-dialect.ts';

/** A turn of a chat completion request. */
interface ChatTurn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content?: string | null | readonly ChatPart[];
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | { readonly type: 'file'; readonly file: { readonly file_data: string; readonly filename: string } }
  | {
      readonly type: 'input_audio';
      readonly input_audio: { readonly data: string; readonly format: string };
    };

interface ChatTool {
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: object };
}

type ChatChoice = 'auto' | 'none' | 'required' | { readonly function: { readonly name: string } };

interface ChatBody {
  readonly messages: readonly ChatTurn[];
  readonly tools?: readonly ChatTool[];
  readonly tool_choice?: ChatChoice;
}

/** Reads the body of a chat completion request back. */
export const readChat = (body: unknown): SentRequest => {
  const { messages, tools, tool_choice: choice, ...fields } = body as ChatBody;
  return {
    parts: messages.flatMap(partsOf),
    tools: tools && Object.fromEntries(tools.map(readTool)),
    toolChoice: choice && readChoice(choice),
    settings: readSettings(fields),
  };
};

const partsOf = ({ role, content, tool_calls = [], tool_call_id }: ChatTurn): SentPart[] => {
  if (role === 'system') return [];
  if (role === 'tool')
    return [{ role, type: 'tool-result', toolCallId: tool_call_id ?? '', output: readOutput(content) }];
  const parts: readonly ChatPart[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  return [
    ...parts.map((part) => ({ role, ...readPart(part) })),
    ...tool_calls.map(({ id, function: { name, arguments: input } }) => ({
      role,
      type: 'tool-call' as const,
      toolCallId: id,
      toolName: name,
      input: JSON.parse(input),
    })),
  ];
};

/** Reads the result of a call: a text, which may be one of JSON. */
export const readOutput = (content: unknown): unknown => {
  try {
    return JSON.parse(String(content));
  } catch {
    return content;
  }
};

const readPart = (part: ChatPart): Omit<SentPart, 'role'> => {
  switch (part.type) {
    case 'text':
      return part;
    case 'image_url':
      return { type: 'file', ...readUrl(part.image_url.url) };
    case 'file':
      return { type: 'file', ...readUrl(part.file.file_data), filename: part.file.filename };
    case 'input_audio':
      return { type: 'file', data: part.input_audio.data, mediaType: `audio/${part.input_audio.format}` };
  }
};

/** Reads the URL of a file, which may have its content. */
export const readUrl = (url: string): { readonly data: string; readonly mediaType?: string } => {
  const [, mediaType, data] = /^data:([^;]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType === undefined || data === undefined ? { data: url } : { data, mediaType };
};

const readTool = ({ function: { name, parameters, description } }: ChatTool): [string, RequestTool] => [
  name,
  {
    ...(description !== undefined && { description }),
    inputSchema: parameters as RequestTool['inputSchema'],
  },
];

const readChoice = (choice: ChatChoice): ToolChoice =>
  typeof choice === 'string' ? choice : { type: 'tool', toolName: choice.function.name };

/** The names of settings. The field of the limit differs between servers. */
const FIELDS: Readonly<Record<string, keyof QuerySettings>> = {
  max_tokens: 'maxOutputTokens',
  max_completion_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  top_k: 'topK',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
  stop: 'stopSequences',
  seed: 'seed',
  reasoning_effort: 'reasoningEffort',
};

const readSettings = (fields: object): QuerySettings =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      FIELDS[name] === undefined ? [] : [[FIELDS[name], value]],
    ),
  );
