import type { Attachment } from '../../domain/attachment.ts';
import type { ModelInput } from '../../domain/attempt.ts';
import { InvalidRequestError } from '../../domain/errors.ts';
import { type RequestMessage, type TextPart, type ToolCallPart, textOf } from '../../domain/message.ts';
import { sentToolName } from '../../domain/tools.ts';
import { attachmentUrl } from './attachment-url.ts';

/** A part of the content of a user's turn. */
type ChatPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | { readonly type: 'file'; readonly file: { readonly file_data: string; readonly filename: string } }
  | {
      readonly type: 'input_audio';
      readonly input_audio: { readonly data: string; readonly format: 'wav' | 'mp3' };
    };

/** A call of a tool in a turn of the model. Its arguments are JSON. */
interface ChatCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** A turn of a chat completion request. */
export type ChatMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | ChatPart[] }
  | { readonly role: 'assistant'; readonly content: string | null; readonly tool_calls?: ChatCall[] }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string };

/**
 * Converts instructions and turns to the messages of a chat completion request. The reasoning of earlier turns is not sent.
 *
 * @throws {InvalidRequestError} for audio of a type that the protocol has no word for, and for files in turns of the model.
 */
export const chatMessages = (
  model: string,
  { system, messages }: Pick<ModelInput, 'system' | 'messages'>,
): ChatMessage[] => [
  ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
  ...messages.flatMap((message) => toTurns(model, message)),
];

const toTurns = (model: string, message: RequestMessage): ChatMessage[] => {
  const { role, content } = message;
  if (typeof content === 'string') return [{ role, content } as ChatMessage];
  switch (role) {
    case 'user':
      return [{ role, content: userContent(model, content) }];
    case 'assistant':
      return [assistantTurn(model, content)];
    case 'tool':
      return content.map(({ toolCallId, output: { value } }) => ({
        role,
        tool_call_id: toolCallId,
        content: typeof value === 'string' ? value : JSON.stringify(value),
      }));
  }
};

type Parts<Role> = Exclude<Extract<RequestMessage, { readonly role: Role }>['content'], string>;

/** Texts alone are one text, which also servers without parts take. */
const userContent = (model: string, parts: Parts<'user'>): string | ChatPart[] =>
  parts.every(isText)
    ? textOf(parts)
    : parts.map((part, index) => (isText(part) ? part : toPart(model, part, index)));

const isText = (part: Parts<'user' | 'assistant'>[number]): part is TextPart => part.type === 'text';

const assistantTurn = (model: string, parts: Parts<'assistant'>): ChatMessage => {
  if (parts.some(({ type }) => type === 'file'))
    throw invalid(
      model,
      'this model cannot be sent files in turns of the assistant: put them into a turn of the user',
    );
  const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call').map(toCall);
  const text = textOf(parts);
  return calls.length === 0
    ? { role: 'assistant', content: text }
    : { role: 'assistant', content: text === '' ? null : text, tool_calls: calls };
};

const toCall = ({ toolCallId, toolName, input }: ToolCallPart): ChatCall => ({
  id: toolCallId,
  type: 'function',
  // Broken arguments of an earlier turn are a text already.
  function: {
    name: sentToolName(toolName),
    arguments: typeof input === 'string' ? input : JSON.stringify(input),
  },
});

/** The formats of audio, by the media type without its `x-`. */
const AUDIO: Readonly<Record<string, 'wav' | 'mp3'>> = {
  'audio/wav': 'wav',
  'audio/wave': 'wav',
  'audio/vnd.wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

const toPart = (model: string, file: Attachment, index: number): ChatPart => {
  const { mediaType, filename, data } = file;
  if (mediaType.startsWith('image/')) return { type: 'image_url', image_url: { url: attachmentUrl(file) } };
  if (!mediaType.startsWith('audio/')) {
    // OpenAI refuses a file without a name.
    const name = filename ?? `file-${index + 1}${mediaType === 'application/pdf' ? '.pdf' : ''}`;
    return { type: 'file', file: { filename: name, file_data: attachmentUrl(file) } };
  }
  const format = AUDIO[mediaType.toLowerCase().replace('/x-', '/')];
  if (format === undefined)
    throw invalid(
      model,
      'this model can only be sent audio as WAV or MP3: convert it, and give its media type',
    );
  return { type: 'input_audio', input_audio: { data: String(data), format } };
};

const invalid = (model: string, message: string): InvalidRequestError =>
  new InvalidRequestError(model, message, { costUsd: 0 });
