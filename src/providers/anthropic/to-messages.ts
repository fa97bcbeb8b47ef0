import type {
  ContentBlockParam,
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { RequestMessage, ToolResultPart } from '../../domain/message.ts';
import { sentToolName } from '../../domain/tools.ts';
import { cannotBeSent } from '../cannot-be-sent.ts';
import { argumentsSent } from '../tool-calls.ts';
import { toFileBlock } from './to-file-block.ts';

/**
 * Converts the turns of a request. The results of tools, and what the user says after them, are one turn. Reasoning is left
 * out: the API takes it back with its signature only. Texts without a character are left out: the API refuses them.
 *
 * @throws {InvalidRequestError} for a file that the API does not take.
 */
export const toMessages = (model: string, messages: readonly RequestMessage[]): MessageParam[] => {
  const turns: MessageParam[] = [];
  let results: ContentBlockParam[] | undefined;
  for (const message of messages) {
    const content = contentOf(model, message);
    const isOfUser = message.role !== 'assistant';
    if (isOfUser && results !== undefined) {
      results.push(...(typeof content === 'string' ? toText(content) : content));
      continue;
    }
    if (typeof content === 'string' || content.length > 0)
      turns.push({ role: isOfUser ? 'user' : 'assistant', content });
    results = message.role === 'tool' && typeof content !== 'string' ? content : undefined;
  }
  return turns;
};

const contentOf = (model: string, message: RequestMessage): string | ContentBlockParam[] => {
  if (message.role === 'tool') return message.content.map(toResult);
  const { role, content } = message;
  return typeof content === 'string' ? content : content.flatMap((part) => toBlocks(model, role, part));
};

type Part = Exclude<Exclude<RequestMessage, { role: 'tool' }>['content'], string>[number];

const toBlocks = (model: string, role: 'user' | 'assistant', part: Part): ContentBlockParam[] => {
  switch (part.type) {
    case 'text':
      return toText(part.text);
    case 'tool-call':
      return [
        {
          type: 'tool_use',
          id: part.toolCallId,
          name: sentToolName(part.toolName),
          input: argumentsSent(part.input),
        },
      ];
    case 'file':
      if (role === 'assistant') throw cannotBeSent(model, 'files of its own turns');
      return [toFileBlock(model, part)];
    case 'reasoning':
      return [];
  }
};

const toText = (text: string): TextBlockParam[] => (/\S/.test(text) ? [{ type: 'text', text }] : []);

const toResult = ({ toolCallId, output: { type, value } }: ToolResultPart): ToolResultBlockParam => ({
  type: 'tool_result',
  tool_use_id: toolCallId,
  content: typeof value === 'string' ? value : JSON.stringify(value),
  ...(type.startsWith('error') && { is_error: true }),
});
