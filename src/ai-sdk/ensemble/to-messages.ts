import { type LanguageModelV4Message, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { FilePart, Message, SystemMessage, ToolOutput } from '../../domain/message.ts';

type Part = Exclude<LanguageModelV4Message['content'], string>[number];
type File = Extract<Part, { readonly type: 'file' }>;
type Result = Extract<Part, { readonly type: 'tool-result' }>;

/** The kinds of the parts that this library adds to an answer, and that come back in the next request. */
export const PROVIDER = 'crucible';

/**
 * Converts a prompt of the AI SDK.
 *
 * @throws {UnsupportedFunctionalityError} for a part that the library cannot send to its models.
 */
export const toMessages = (prompt: readonly LanguageModelV4Message[]): readonly (Message | SystemMessage)[] =>
  prompt.map((message) =>
    message.role === 'system'
      ? { role: 'system', content: message.content }
      : ({
          role: message.role,
          content: message.content.flatMap((part: Part) => toPart(part, message.role)),
        } as Message),
  );

const toPart = (part: Part, role: string): object | readonly [] => {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { type: part.type, text: part.text };
    case 'file':
      return toFile(part);
    case 'tool-call':
      if (part.providerExecuted === true) throw unsupported('tool calls that a provider has executed');
      return {
        type: 'tool-call',
        toolCallId: part.toolCallId,
        toolName: part.toolName,
        input: part.input ?? {},
      };
    case 'tool-result':
      if (role === 'assistant') throw unsupported('results of tools that a provider has executed');
      return {
        type: 'tool-result',
        toolCallId: part.toolCallId,
        toolName: part.toolName,
        output: toOutput(part.output),
      };
    case 'custom':
      if (part.kind.startsWith(`${PROVIDER}.`)) return [];
      throw unsupported(`parts of the kind ${part.kind}`);
    default:
      throw unsupported(`parts of the type ${part.type}`);
  }
};

const toFile = ({ data, mediaType, filename }: File): FilePart => {
  const file = { type: 'file', mediaType: wholeType(mediaType), filename } as const;
  switch (data.type) {
    case 'data':
      return { ...file, data: data.data };
    case 'url':
      return { ...file, data: data.url };
    case 'text':
      return { ...file, data: new TextEncoder().encode(data.text) };
    default:
      throw unsupported('files that a provider keeps');
  }
};

/** The AI SDK also has the first half of a type alone, such as `image`. */
const wholeType = (mediaType: string): string => (mediaType.includes('/') ? mediaType : `${mediaType}/*`);

const toOutput = (output: Result['output']): ToolOutput => {
  switch (output.type) {
    case 'execution-denied':
      return { type: 'error-text', value: output.reason ?? 'The execution of the tool was denied.' };
    case 'content':
      return {
        type: 'text',
        value: output.value
          .map((part) => {
            if (part.type === 'text') return part.text;
            throw unsupported(`${part.type} parts in results of tools`);
          })
          .join('\n\n'),
      };
    case 'json':
    case 'error-json':
      return { type: output.type, value: output.value };
    default:
      return { type: output.type, value: output.value };
  }
};

const unsupported = (functionality: string): UnsupportedFunctionalityError =>
  new UnsupportedFunctionalityError({
    functionality,
    message: `ensembleModel: an ensemble cannot be sent ${functionality}`,
  });
