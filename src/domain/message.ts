import type { Attachment, OwnAttachment } from './attachment.ts';
import { internal } from './internal.ts';

/** The bytes of a file; base64, a `data:` URL or an `http(s)` URL as text; or a URL. URLs go to the provider as they are. */
export type FileData = Uint8Array | ArrayBuffer | string | URL;

/** A text within a message. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** An image within a message. */
export interface ImagePart {
  readonly type: 'image';
  readonly image: FileData;
  /** Default: what the first bytes say; `image/*` for a URL. */
  readonly mediaType?: string;
}

/** A file within a message: a PDF, audio, an image or any other type that the model can read. */
export interface FilePart {
  readonly type: 'file';
  readonly data: FileData;
  /** Such as `application/pdf`. Default: what the first bytes say. A URL needs one. */
  readonly mediaType?: string;
  readonly filename?: string | undefined;
}

/** The reasoning of a model in an earlier turn. Providers that do not take it back do not receive it. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
}

/** A tool call of a model in an earlier turn. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly toolCallId: string;
  readonly toolName: string;
  /** The arguments: a value of JSON. */
  readonly input: unknown;
}

/** The result of a tool call in an earlier turn. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  /** The id of the {@link ToolCallPart} that it answers. */
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: ToolOutput;
}

/** What a tool returned: a text or a value of JSON, either of which may say that it failed. */
export type ToolOutput =
  | { readonly type: 'text' | 'error-text'; readonly value: string }
  | { readonly type: 'json' | 'error-json'; readonly value: unknown };

/** What a user says. */
export interface UserMessage {
  readonly role: 'user';
  readonly content: string | readonly (TextPart | ImagePart | FilePart)[];
}

/** What a model said in an earlier turn. */
export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string | readonly (TextPart | FilePart | ReasoningPart | ToolCallPart)[];
}

/** What tools returned to the model. */
export interface ToolMessage {
  readonly role: 'tool';
  readonly content: readonly ToolResultPart[];
}

/** One turn of a conversation. */
export type Message = UserMessage | AssistantMessage | ToolMessage;

/** Instructions for the model, among the turns of a conversation. */
export interface SystemMessage {
  readonly role: 'system';
  readonly content: string;
}

/** A turn as a model receives it: its images and files are attachments. */
export type RequestMessage =
  | { readonly role: 'user'; readonly content: string | readonly (TextPart | Attachment)[] }
  | {
      readonly role: 'assistant';
      readonly content: string | readonly (TextPart | Attachment | ReasoningPart | ToolCallPart)[];
    }
  | ToolMessage;

/** The content of a message, as a caller gives it or as a model receives it. */
type Content = (Message | SystemMessage | RequestMessage)['content'];

/** A part of a message, as a caller gives it or as a model receives it. */
export type Part = Exclude<Content, string>[number];

/** Whether a part of a message is an image or another file. Asks the part, so that a bundle for texts alone has no files. */
export const isAttachment = (part: Part): part is OwnAttachment => internal in part;

/** Returns the parts of a content. A text is one part. */
export const partsOf = (content: Content): readonly Part[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

/** Returns what a user or a model says in a message: its texts, with an empty line between them. */
export const textOf = (content: Content): string =>
  typeof content === 'string'
    ? content
    : partsOf(content)
        .flatMap((part) => (part.type === 'text' ? [part.text] : []))
        .join('\n\n');

/** Returns every text of a message that a model reads: also the arguments and the results of tools. */
export const writtenIn = (content: Content): string =>
  typeof content === 'string' ? content : partsOf(content).map(writtenInPart).join('\n');

const writtenInPart = (part: Part): string => {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return part.text;
    case 'tool-call':
      return `${part.toolName} ${JSON.stringify(part.input)}`;
    case 'tool-result':
      return typeof part.output.value === 'string' ? part.output.value : JSON.stringify(part.output.value);
    case 'file':
      return part.filename ?? '';
    case 'image':
      return '';
  }
};

/** Returns the attachments of a message. */
export const attachmentsIn = (content: Content): readonly OwnAttachment[] =>
  typeof content === 'string' ? [] : partsOf(content).filter(isAttachment);
