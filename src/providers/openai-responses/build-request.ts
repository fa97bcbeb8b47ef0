import type { Attachment } from '../../domain/attachment.ts';
import { given } from '../../domain/given.ts';
import { attachmentsIn, type RequestMessage, type TextPart } from '../../domain/message.ts';
import type { ModelRequest } from '../../domain/request.ts';
import type { RequestFeature } from '../../domain/request-features.ts';
import { type JsonSchema, sentToolName } from '../../domain/tools.ts';
import { cannotBeSent } from '../cannot-be-sent.ts';
import { attachmentUrl } from '../openai-protocol/attachment-url.ts';
import { type AnswerDescription, isStrict, type ResponseFormat } from '../openai-protocol/response-format.ts';

/** What a request of the Responses API may hold besides text. It has no audio. */
export const CARRIED: ReadonlySet<RequestFeature> = new Set([
  ...(['image', 'image-url', 'pdf', 'pdf-url', 'file', 'file-url', 'tools'] as const),
]);

type InputPart =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_image'; readonly image_url: string; readonly detail: 'auto' }
  | {
      readonly type: 'input_file';
      readonly filename?: string;
      readonly file_data?: string;
      readonly file_url?: string;
    };

type InputItem =
  | { readonly role: 'user' | 'assistant'; readonly content: string | InputPart[] }
  | {
      readonly type: 'function_call';
      readonly call_id: string;
      readonly name: string;
      readonly arguments: string;
    }
  | { readonly type: 'function_call_output'; readonly call_id: string; readonly output: string };

type TextFormat =
  | ({ readonly type: 'json_schema' } & ResponseFormat['json_schema'])
  | { readonly type: 'json_object' };

/** The part of a request of the Responses API that depends on the query. */
interface ResponsesRequest {
  readonly instructions?: string;
  readonly input: InputItem[];
  readonly tools?: {
    readonly type: 'function';
    readonly name: string;
    readonly description?: string;
    readonly parameters: Record<string, unknown>;
    readonly strict: boolean;
  }[];
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly type: 'function'; readonly name: string };
  readonly text?: { readonly format: TextFormat };
}

/**
 * Converts a request to the fields of the Responses API.
 *
 * @throws {InvalidRequestError} if a message of the assistant has a file, which the API does not take.
 */
export const toResponsesRequest = (
  model: string,
  { system, messages, tools, toolChoice }: ModelRequest,
  format: AnswerDescription | undefined,
): ResponsesRequest => ({
  input: messages.flatMap((message) => toItems(model, message)),
  ...given({
    instructions: system,
    tools: tools && Object.entries(tools).map(([name, tool]) => toTool(name, tool)),
    tool_choice: typeof toolChoice === 'object' ? toChoice(toolChoice.toolName) : toolChoice,
    text: format && { format: textFormat(format) },
  }),
});

/** Converts the `response_format` of a chat completion. */
const textFormat = (format: AnswerDescription): TextFormat =>
  format.type === 'json_schema' ? { type: format.type, ...format.json_schema } : format;

/** Without `strict`, the API would take every schema for a strict one. */
const toTool = (
  name: string,
  { description, inputSchema }: { readonly description?: string; readonly inputSchema: JsonSchema },
) => ({
  type: 'function' as const,
  name: sentToolName(name),
  ...given({ description }),
  parameters: inputSchema,
  strict: isStrict(inputSchema),
});

const toChoice = (toolName: string) => ({ type: 'function' as const, name: sentToolName(toolName) });

const toItems = (model: string, message: RequestMessage): InputItem[] => {
  switch (message.role) {
    case 'user': {
      const { role, content } = message;
      return [{ role, content: typeof content === 'string' ? content : content.map(toPart) }];
    }
    case 'assistant':
      return assistantItems(model, message.content);
    case 'tool':
      return message.content.map(({ toolCallId, output }) => ({
        type: 'function_call_output',
        call_id: toolCallId,
        output: typeof output.value === 'string' ? output.value : JSON.stringify(output.value),
      }));
  }
};

const toPart = (part: TextPart | Attachment): InputPart => {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  const { data, mediaType, filename = nameOf(mediaType) } = part;
  const url = attachmentUrl(part);
  if (mediaType.startsWith('image/')) return { type: 'input_image', image_url: url, detail: 'auto' };
  return data instanceof URL
    ? { type: 'input_file', file_url: url }
    : { type: 'input_file', filename, file_data: url };
};

/** The API tells the type of a file by the end of its name. */
const nameOf = (mediaType: string): string => {
  const kind = mediaType.replace(/^.*\//, '').replace(/^plain$/, 'txt');
  return /^[a-z0-9]+$/.test(kind) ? `file.${kind}` : 'file';
};

/** Each text is a message and each call an item. The API takes no reasoning back without its own encryption. */
const assistantItems = (
  model: string,
  content: Extract<RequestMessage, { role: 'assistant' }>['content'],
): InputItem[] => {
  if (typeof content === 'string') return [{ role: 'assistant', content }];
  if (attachmentsIn(content).length > 0)
    throw cannotBeSent(model, 'files in turns of the assistant: put them into a turn of the user');
  return content.flatMap((part): InputItem[] => {
    if (part.type === 'text') return [{ role: 'assistant', content: part.text }];
    if (part.type !== 'tool-call') return [];
    const { toolCallId, toolName, input } = part;
    return [
      {
        type: 'function_call',
        call_id: toolCallId,
        name: sentToolName(toolName),
        // Broken arguments of an earlier turn are a text already.
        arguments: typeof input === 'string' ? input : JSON.stringify(input),
      },
    ];
  });
};
