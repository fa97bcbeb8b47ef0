import type { Attachment } from '../../domain/attachment.ts';
import type { RequestMessage, ToolResultPart } from '../../domain/message.ts';
import { sentToolName } from '../../domain/tools.ts';
import { cannotBeSent } from '../cannot-be-sent.ts';
import type { GeminiModel } from '../refused-settings.ts';
import { argumentsSent } from '../tool-calls.ts';

/** A turn of the conversation, or the system prompt. */
export interface GoogleContent {
  readonly role: string;
  readonly parts: GooglePart[];
}

/** A part of a turn: a text, a file, a call of a tool or its result. */
export type GooglePart =
  | { readonly text: string }
  | { readonly inlineData: { readonly mimeType: string; readonly data: string } }
  | { readonly fileData: { readonly mimeType: string; readonly fileUri: string } }
  | {
      readonly functionCall: {
        readonly id: string;
        readonly name: string;
        readonly args: Record<string, unknown>;
      };
      readonly thoughtSignature?: string;
    }
  | {
      readonly functionResponse: {
        readonly id: string;
        readonly name: string;
        readonly response: Record<string, unknown>;
      };
    };

/**
 * Converts the turns of a request. Results of tools that follow each other are one turn. Reasoning is left out, because the API
 * takes it back with its signature only.
 *
 * @throws {InvalidRequestError} for bytes of an unknown type.
 */
export const toContents = (
  model: string,
  messages: readonly RequestMessage[],
  known: GeminiModel,
): GoogleContent[] => {
  const contents: GoogleContent[] = [];
  let results: GooglePart[] | undefined;
  for (const message of messages) {
    const parts = partsOf(model, message, known);
    if (message.role === 'tool' && results !== undefined) {
      results.push(...parts);
      continue;
    }
    if (parts.length > 0) contents.push({ role: message.role === 'assistant' ? 'model' : 'user', parts });
    results = message.role === 'tool' ? parts : undefined;
  }
  return contents;
};

const partsOf = (model: string, message: RequestMessage, { signsCalls }: GeminiModel): GooglePart[] => {
  if (message.role === 'tool') return message.content.map(toResponse);
  const { content } = message;
  if (typeof content === 'string') return [{ text: content }];
  const first = signsCalls ? content.findIndex(({ type }) => type === 'tool-call') : -1;
  return content.flatMap((part, index) => toParts(model, part, index === first));
};

type Part = Exclude<Exclude<RequestMessage, { role: 'tool' }>['content'], string>[number];

const toParts = (model: string, part: Part, isSigned: boolean): GooglePart[] => {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'file':
      return [toFile(model, part)];
    case 'reasoning':
      return [];
    case 'tool-call': {
      const { toolCallId: id, toolName, input } = part;
      const functionCall = { id, name: sentToolName(toolName), args: argumentsSent(input) };
      return [{ functionCall, ...(isSigned && { thoughtSignature: UNSIGNED }) }];
    }
  }
};

/**
 * Google's word for a call whose signature is not known, because another model made it or only the call was kept. The API
 * refuses the first call of a turn without one.
 */
const UNSIGNED = 'skip_thought_signature_validator';

const toResponse = ({ toolCallId: id, toolName, output: { type, value } }: ToolResultPart): GooglePart => ({
  functionResponse: {
    id,
    name: sentToolName(toolName),
    response: { [type.startsWith('error') ? 'error' : 'output']: value },
  },
});

const toFile = (model: string, { mediaType, data }: Attachment): GooglePart => {
  const mimeType = mediaType.endsWith('/*') ? typeOf(data) : mediaType;
  if (data instanceof URL) return { fileData: { mimeType: mimeType ?? 'image/jpeg', fileUri: data.href } };
  if (mimeType === undefined) throw cannotBeSent(model, `bytes of the type ${mediaType}`);
  return { inlineData: { mimeType, data } };
};

/** Returns the type of an image by the ending of its URL, because the API asks for one. It looks at the image itself. */
const typeOf = (data: string | URL): string | undefined => {
  const [, ending = ''] = (data instanceof URL && /\.(\w+)$/.exec(data.pathname.toLowerCase())) || [];
  const types: Readonly<Record<string, string>> = { jpg: 'jpeg', jpeg: 'jpeg', png: 'png', webp: 'webp' };
  const type = Object.hasOwn(types, ending)
    ? types[ending]
    : ['heic', 'heif', 'gif', 'avif'].find((one) => one === ending);
  return type && `image/${type}`;
};
