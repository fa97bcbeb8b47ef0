import { isAttachment, type Part, partsOf } from '../../domain/message.ts';
import type { FinishReason } from '../../domain/model.ts';
import type { Query } from '../../domain/request.ts';
import type { ToolCall } from '../../domain/tools.ts';
import { finishReasonName, GEN_AI } from './conventions.ts';

const textPart = (content: string) => ({ type: 'text', content });

/** Formats a query as the conventions require: as JSON, because span attributes cannot be objects. */
export const inputMessages = (query: Query): Record<string, string> => {
  const conversation =
    typeof query === 'string' ? { messages: [{ role: 'user', content: query } as const] } : query;
  const { system, messages } = { system: undefined, ...conversation };
  return {
    ...(system !== undefined && { [GEN_AI.systemInstructions]: JSON.stringify([textPart(system)]) }),
    [GEN_AI.inputMessages]: JSON.stringify(
      messages.map(({ role, content }) => ({ role, parts: partsOf(content).map(messagePart) })),
    ),
  };
};

/** What a model wrote: its text, its reasoning and its calls of tools. */
interface Output {
  readonly text: string;
  readonly reasoning?: string | undefined;
  readonly toolCalls?: readonly ToolCall[] | undefined;
}

/** Formats an answer as the conventions require. */
export const outputMessages = (
  { text, reasoning, toolCalls = [] }: Output,
  finishReason: FinishReason = toolCalls.length > 0 ? 'tool-calls' : 'stop',
): Record<string, string> => {
  // A prediction without a text has its calls as JSON for one.
  const isCallsAlone = toolCalls.length > 0 && (text.trim() === '' || text === JSON.stringify(toolCalls));
  const parts = [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', content: reasoning }]),
    ...(isCallsAlone ? [] : [textPart(text)]),
    ...toolCalls.map(callPart),
  ];
  return {
    [GEN_AI.outputMessages]: JSON.stringify([
      { role: 'assistant', parts, finish_reason: finishReasonName(finishReason) },
    ]),
  };
};

const callPart = ({ toolCallId, toolName, input }: ToolCall) => ({
  type: 'tool_call',
  id: toolCallId,
  name: toolName,
  arguments: input,
});

const messagePart = (part: Part): object => {
  switch (part.type) {
    case 'text':
      return textPart(part.text);
    case 'reasoning':
      return { type: 'reasoning', content: part.text };
    case 'tool-call':
      return callPart(part);
    case 'tool-result':
      return { type: 'tool_call_response', id: part.toolCallId, response: part.output.value };
    case 'image':
    case 'file':
      return filePart(part);
  }
};

/**
 * The part of an image or another file: never its content, nor its URL, which may have a key. The digest takes the place of
 * an id. It is that of a copy, so that the query does not keep the base64 that it needs.
 */
const filePart = (part: Extract<Part, { readonly type: 'image' | 'file' }>): object => {
  const described: Readonly<Record<string, unknown>> = isAttachment(part)
    ? part.copy().toJSON()
    : { ...part };
  const { mediaType, sha256, sizeBytes, filename } = described;
  return {
    type: 'file',
    modality: modalityOf(part.type === 'image' ? 'image/*' : String(mediaType)),
    mime_type: mediaType,
    file_id: sha256 === undefined ? undefined : `sha256:${sha256}`,
    size_bytes: sizeBytes,
    filename,
  };
};

/** The conventions' kind of a media type. */
const modalityOf = (mediaType: string): string => /^(image|audio|video)\//.exec(mediaType)?.[1] ?? 'document';
