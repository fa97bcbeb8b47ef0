import {
  AIMessage,
  type BaseMessage,
  type ContentBlock,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from '@langchain/core/messages';
import type { OwnAttachment } from '../domain/attachment.ts';
import { isAttachment, type Part, partsOf, type RequestMessage, textOf } from '../domain/message.ts';
import type { ModelRequest } from '../domain/request.ts';
import { argumentsSent } from '../providers/tool-calls.ts';

/** Returns a request as messages of LangChain. */
export const writeMessages = ({ system, messages }: ModelRequest): BaseMessage[] => [
  ...(system === undefined || system === '' ? [] : [new SystemMessage(system)]),
  ...messages.flatMap(writeMessage),
];

const writeMessage = (message: RequestMessage): readonly BaseMessage[] => {
  switch (message.role) {
    case 'user':
      return [new HumanMessage(contentOf(message.content))];
    case 'assistant': {
      const tool_calls = partsOf(message.content).flatMap((part) =>
        part.type === 'tool-call'
          ? [
              {
                type: 'tool_call' as const,
                id: part.toolCallId,
                name: part.toolName,
                args: argumentsSent(part.input),
              },
            ]
          : [],
      );
      return [new AIMessage({ ...contentOf(message.content), tool_calls })];
    }
    default:
      return message.content.map(
        ({ toolCallId, toolName, output: { type, value } }) =>
          new ToolMessage({
            tool_call_id: toolCallId,
            name: toolName,
            content: typeof value === 'string' ? value : JSON.stringify(value),
            status: type.startsWith('error') ? 'error' : 'success',
          }),
      );
  }
};

/** The content of a message: its text, or its blocks if it has files. Providers receive no reasoning of earlier turns. */
const contentOf = (
  content: RequestMessage['content'],
): { content: string } | { contentBlocks: ContentBlock.Standard[] } => {
  const parts = partsOf(content);
  return parts.some(isAttachment)
    ? { contentBlocks: parts.flatMap((part) => blockOf(part) ?? []) }
    : { content: textOf(content) };
};

const blockOf = (part: Part): ContentBlock.Standard | undefined => {
  if (part.type === 'text') return { type: 'text', text: part.text };
  return isAttachment(part) ? fileBlock(part) : undefined;
};

const KINDS = ['image', 'audio', 'video'] as const;

const fileBlock = (file: OwnAttachment): ContentBlock.Standard => {
  const { mediaType: mimeType, filename } = file;
  const content = file.isLink ? { url: file.url } : { data: file.data as string };
  const metadata = filename === undefined ? {} : { metadata: { filename } };
  const type = KINDS.find((kind) => mimeType.startsWith(`${kind}/`)) ?? 'file';
  return { type, mimeType, ...content, ...metadata } as ContentBlock.Standard;
};
